"""Long checks, on services and data of their own (`manage.py prove`): what each tried and what failed."""
