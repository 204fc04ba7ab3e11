"""The building: admin site, screens, menu, search, formatting, charts, background jobs, error pages."""
