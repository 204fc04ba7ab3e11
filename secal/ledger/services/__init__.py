"""The only writers of the ledger: books (charges, advances, reversals), receipts (statements, matching),
payments (orders, reports)."""
