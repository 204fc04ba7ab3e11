"""One double-entry book per file or debtor: postings, claims, receipts, allocations, bank files."""
