"""What the law and the office's own tables say about advances: pure, without database or clock."""
