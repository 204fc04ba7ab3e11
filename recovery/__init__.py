"""Recovery of social-security arrears through a concessionaire and bailiffs."""
