"""The PostgreSQL and Valkey servers that manage.py starts when the environment names none, and the database
roles.
"""
