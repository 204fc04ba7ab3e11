"""Ratios, both sides measured in the same run (`manage.py bench`): what our way costs beside another way."""
