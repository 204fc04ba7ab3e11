"""The only writers of users and their rights."""
