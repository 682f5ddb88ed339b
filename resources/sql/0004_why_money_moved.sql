-- Money that moves without a fill: what it was counted by, the moment that funding belongs to, and why.

ALTER TABLE ledger ADD COLUMN mark INTEGER;

ALTER TABLE ledger ADD COLUMN due INTEGER;

ALTER TABLE ledger ADD COLUMN reason TEXT;
