"""Ordinary given and family names by language, streets and towns. Nobody real is meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Naming:
    """What persons of one language are called, and where they live (town, postcode)."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    courts: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FRENCH = Naming(
    women=_words(
        "Marie Sophie Isabelle Nathalie Christine Anne Valérie Julie Caroline Céline Émilie Aurélie "
        "Laura Sarah Camille Manon Charlotte Pauline Élise Léa Chloé Inès Clara Zoé Lucie Alice "
        "Juliette Margaux Jeanne Louise Fatima Samira Yasmina Nadia Leïla Fabienne Véronique Sandrine "
        "Delphine Mélanie Amandine Noémie Justine Morgane Océane Mathilde Éva Lina Rose Agathe"
    ),
    men=_words(
        "Philippe Marc Pierre Michel Luc Thierry Olivier Laurent Nicolas Frédéric Christophe Vincent "
        "Stéphane Benoît Julien Thomas Maxime Antoine Alexandre Romain Simon Quentin Arnaud Guillaume "
        "Mathieu Hugo Louis Arthur Nathan Gabriel Noah Lucas Ethan Adam Rayan Karim Mehdi Youssef "
        "Samuel David Sébastien Cédric Jérôme Grégory Fabrice Damien Florian Bastien Théo Victor"
    ),
    families=_words(
        "Dubois Lambert Dupont Martin Simon Laurent Leroy Denis Lejeune Renard Gérard Petit Leclercq "
        "Mathieu Bertrand Lefèvre Collard Noël Thomas François Michel Charlier Georges Poncelet "
        "Hubert Bodart Marchal Henry Piette Delvaux Servais Gilson Evrard Jacquemin Lecomte Masson "
        "Collignon Toussaint Adam Bauduin Benali Bouzid Diallo Fontaine Gillet Hennebert Lebrun "
        "Mercier Rousseau Wauters"
    ),
    streets=(
        "rue de la Station",
        "rue de l'Église",
        "rue du Moulin",
        "avenue des Tilleuls",
        "rue des Écoles",
        "chaussée de Namur",
        "rue du Vieux Puits",
        "clos des Merles",
        "rue de la Fontaine",
        "avenue du Parc",
        "rue du Calvaire",
        "place du Marché",
        "rue des Champs",
        "rue Neuve",
        "rue du Tilleul",
    ),
    towns=(
        ("Bruxelles", "1000"),
        ("Ixelles", "1050"),
        ("Schaerbeek", "1030"),
        ("Liège", "4000"),
        ("Seraing", "4100"),
        ("Namur", "5000"),
        ("Charleroi", "6000"),
        ("La Louvière", "7100"),
        ("Mons", "7000"),
        ("Tournai", "7500"),
        ("Verviers", "4800"),
        ("Wavre", "1300"),
        ("Arlon", "6700"),
        ("Huy", "4500"),
        ("Dinant", "5500"),
    ),
    courts=(
        "Tribunal de la famille de Bruxelles",
        "Tribunal de la famille de Liège, division Liège",
        "Tribunal de la famille de Namur, division Namur",
        "Tribunal de la famille du Hainaut, division Charleroi",
        "Tribunal de la famille du Brabant wallon",
    ),
)

DUTCH = Naming(
    women=_words(
        "Els An Ann Katrien Hilde Greet Ingrid Sofie Sara Lies Leen Veerle Griet Kim Evelien "
        "Charlotte Emma Marie Nora Fien Lotte Julie Elise Hanne Jana Laura Ellen Tine Annelies Karen "
        "Liesbeth Joke Sarah Inge Nele Kaat Amber Lore Paulien Eline Femke Silke Aisha Samira Noor "
        "Mila Ella Louise Anna Roos"
    ),
    men=_words(
        "Jan Tom Peter Luc Marc Dirk Koen Bart Wim Kris Pieter Stijn Jeroen Bram Joris Maarten Thomas "
        "Dries Jasper Wout Lars Seppe Robbe Arne Senne Milan Daan Lukas Mathias Kobe Jef Tibo Ruben "
        "Simon Nick Kevin Sven Geert Johan Patrick Filip Steven Hans Frank Yannick Karim Ahmed Victor "
        "Arthur Noah"
    ),
    families=_words(
        "Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters Smets Hermans Pauwels "
        "Michiels Aerts Claeys Martens Hendrickx Verhoeven Bogaerts Lemmens Segers Verlinden Cools "
        "Stevens Dierckx Bosmans Thys Lauwers Declercq Desmet Vermeulen Verstraete Callens Coppens "
        "Verbeke Vandenberghe Devos Baert Lievens Cuypers Geerts Nijs Sanders Timmermans Verheyen "
        "Moens Roels Bervoets Haddad Yilmaz"
    ),
    streets=(
        "Stationsstraat",
        "Kerkstraat",
        "Molenstraat",
        "Lindenlaan",
        "Schoolstraat",
        "Dorpsstraat",
        "Nieuwstraat",
        "Veldstraat",
        "Beukenlaan",
        "Kapelstraat",
        "Marktplein",
        "Bergstraat",
        "Kasteellaan",
        "Weidestraat",
        "Heidestraat",
    ),
    towns=(
        ("Gent", "9000"),
        ("Antwerpen", "2000"),
        ("Brugge", "8000"),
        ("Leuven", "3000"),
        ("Mechelen", "2800"),
        ("Aalst", "9300"),
        ("Kortrijk", "8500"),
        ("Hasselt", "3500"),
        ("Genk", "3600"),
        ("Oostende", "8400"),
        ("Sint-Niklaas", "9100"),
        ("Turnhout", "2300"),
        ("Roeselare", "8800"),
        ("Vilvoorde", "1800"),
        ("Lier", "2500"),
    ),
    courts=(
        "Familierechtbank Gent",
        "Familierechtbank Antwerpen, afdeling Antwerpen",
        "Familierechtbank Leuven",
        "Familierechtbank West-Vlaanderen, afdeling Brugge",
        "Familierechtbank Limburg, afdeling Hasselt",
    ),
)

GERMAN = Naming(
    women=_words(
        "Anna Maria Petra Sabine Monika Andrea Julia Katharina Lena Sarah Lea Hannah Nina Claudia "
        "Birgit Ursula Christina Jana Mia Emilia"
    ),
    men=_words(
        "Karl Stefan Michael Thomas Andreas Markus Dirk Ralf Jürgen Daniel Lukas Jonas Felix Paul "
        "Leon Tim Elias Sebastian Patrick Klaus"
    ),
    families=_words(
        "Schmitz Müller Meyer Heinen Kessel Huppertz Reuter Scholl Jansen Kirch Lennertz Palm "
        "Radermacher Theissen Weynand Brandt Goffart Hilgers Keutgen Pauels"
    ),
    streets=(
        "Hauptstraße",
        "Schulstraße",
        "Kirchstraße",
        "Bergstraße",
        "Gartenweg",
        "Lindenweg",
        "Mühlenweg",
    ),
    towns=(
        ("Eupen", "4700"),
        ("Kelmis", "4720"),
        ("Sankt Vith", "4780"),
        ("Raeren", "4730"),
        ("Bütgenbach", "4750"),
    ),
    courts=("Familiengericht Eupen",),
)

NAMING = {"fr": FRENCH, "nl": DUTCH, "de": GERMAN}

SECTION_OF_LANGUAGE = {"fr": ("Bruxelles", "Liège", "Namur"), "nl": ("Gent", "Antwerpen"), "de": ("Liège",)}
"""The office's sections that take files in each language."""
