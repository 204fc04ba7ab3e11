"""The legal calculations: each takes facts and dated values, and returns a result that explains itself."""
