-- Money that moves without a fill: what it was counted by, the moment that funding belongs to, and why.

ALTER TABLE ledger ADD COLUMN mark INTEGER;

ALTER TABLE ledger ADD COLUMN due INTEGER;

ALTER TABLE ledger ADD COLUMN reason TEXT;

-- What the facts from before say of it. A price below 90 million survives the way over a floating-point number whole.
UPDATE ledger SET (mark, due, reason) =
    (SELECT NULLIF(CAST(round(json_extract(data, '$.mark') * 100000000.0) AS INTEGER), 0),
            NULLIF(unixepoch(json_extract(data, '$.due')) * 1000
                   + CAST(substr(json_extract(data, '$.due'), 21, 3) AS INTEGER), 0),
            NULLIF(json_extract(data, '$.reason'), '')
     FROM events WHERE events.seq = ledger.seq)
WHERE kind NOT IN ('fill', 'fee');
