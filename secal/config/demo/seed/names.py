"""Ordinary given and family names by language, streets and towns. Nobody real is meant."""

from dataclasses import dataclass

from secal.kernel.arrondissements import Arrondissement


@dataclass(frozen=True)
class Naming:
    """What persons of one language are called, and where they live (town, postcode, arrondissement)."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str, Arrondissement], ...]
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
        ("Bruxelles", "1000", Arrondissement.BRUXELLES),
        ("Ixelles", "1050", Arrondissement.BRUXELLES),
        ("Schaerbeek", "1030", Arrondissement.BRUXELLES),
        ("Liège", "4000", Arrondissement.LIEGE),
        ("Seraing", "4100", Arrondissement.LIEGE),
        ("Namur", "5000", Arrondissement.NAMUR),
        ("Charleroi", "6000", Arrondissement.HAINAUT),
        ("La Louvière", "7100", Arrondissement.HAINAUT),
        ("Mons", "7000", Arrondissement.HAINAUT),
        ("Tournai", "7500", Arrondissement.HAINAUT),
        ("Verviers", "4800", Arrondissement.LIEGE),
        ("Wavre", "1300", Arrondissement.BRABANT_WALLON),
        ("Arlon", "6700", Arrondissement.LUXEMBOURG),
        ("Huy", "4500", Arrondissement.LIEGE),
        ("Dinant", "5500", Arrondissement.NAMUR),
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
        ("Gent", "9000", Arrondissement.OOST_VLAANDEREN),
        ("Antwerpen", "2000", Arrondissement.ANTWERPEN),
        ("Brugge", "8000", Arrondissement.WEST_VLAANDEREN),
        ("Leuven", "3000", Arrondissement.LEUVEN),
        ("Mechelen", "2800", Arrondissement.ANTWERPEN),
        ("Aalst", "9300", Arrondissement.OOST_VLAANDEREN),
        ("Kortrijk", "8500", Arrondissement.WEST_VLAANDEREN),
        ("Hasselt", "3500", Arrondissement.LIMBURG),
        ("Genk", "3600", Arrondissement.LIMBURG),
        ("Oostende", "8400", Arrondissement.WEST_VLAANDEREN),
        ("Sint-Niklaas", "9100", Arrondissement.OOST_VLAANDEREN),
        ("Turnhout", "2300", Arrondissement.ANTWERPEN),
        ("Roeselare", "8800", Arrondissement.WEST_VLAANDEREN),
        ("Vilvoorde", "1800", Arrondissement.BRUXELLES),
        ("Lier", "2500", Arrondissement.ANTWERPEN),
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
        ("Eupen", "4700", Arrondissement.EUPEN),
        ("Kelmis", "4720", Arrondissement.EUPEN),
        ("Sankt Vith", "4780", Arrondissement.EUPEN),
        ("Raeren", "4730", Arrondissement.EUPEN),
        ("Bütgenbach", "4750", Arrondissement.EUPEN),
    ),
    courts=("Familiengericht Eupen",),
)

NAMING = {"fr": FRENCH, "nl": DUTCH, "de": GERMAN}

SECTION_OF_LANGUAGE = {"fr": ("Bruxelles", "Liège", "Namur"), "nl": ("Gent", "Antwerpen"), "de": ("Liège",)}
"""The office's sections that take files in each language."""
