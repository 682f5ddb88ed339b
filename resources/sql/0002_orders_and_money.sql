-- Orders that wait for a price, fees in other assets than the quote currency, money that moves without a fill.

ALTER TABLE orders ADD COLUMN triggered_at INTEGER;

ALTER TABLE orders ADD COLUMN one_cancels_other INTEGER;

ALTER TABLE orders ADD COLUMN trailing_percent INTEGER;

ALTER TABLE orders ADD COLUMN cancel_requested INTEGER NOT NULL DEFAULT 0;

ALTER TABLE fills ADD COLUMN fee_asset TEXT;

ALTER TABLE fills ADD COLUMN fee_quantity INTEGER;

ALTER TABLE fills ADD COLUMN fee_asset_price INTEGER;

-- Amounts are in currency; where the money was paid in something else, so much of it at that price.
ALTER TABLE ledger ADD COLUMN asset TEXT;

ALTER TABLE ledger ADD COLUMN asset_quantity INTEGER;

ALTER TABLE ledger ADD COLUMN asset_price INTEGER;
