"""What watches the office: the security log, retention and erasure, and the console of the two watchers."""
