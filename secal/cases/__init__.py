"""The alimony file as every context sees it: parties, title, terms, application, assignment, timeline,
work."""
