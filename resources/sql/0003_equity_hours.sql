-- A sample that is written again, as after a restart within a recording, belongs to its hour, too.
CREATE TRIGGER equity_changes_its_hour AFTER UPDATE OF equity ON equity WHEN NEW.equity <> OLD.equity
BEGIN
    UPDATE equity_hours SET (low, low_at) =
        (SELECT equity, at FROM equity WHERE bot_id = NEW.bot_id AND at >= hour AND at < hour + 3600000
         ORDER BY equity, at LIMIT 1)
    WHERE bot_id = NEW.bot_id AND hour = NEW.at - NEW.at % 3600000;
    UPDATE equity_hours SET (high, high_at) =
        (SELECT equity, at FROM equity WHERE bot_id = NEW.bot_id AND at >= hour AND at < hour + 3600000
         ORDER BY equity DESC, at LIMIT 1)
    WHERE bot_id = NEW.bot_id AND hour = NEW.at - NEW.at % 3600000;
END;

-- The hours in which that has happened before.
UPDATE equity_hours SET (low, low_at) =
    (SELECT equity, at FROM equity WHERE equity.bot_id = equity_hours.bot_id AND at >= hour AND at < hour + 3600000
     ORDER BY equity, at LIMIT 1)
WHERE EXISTS (SELECT 1 FROM equity WHERE equity.bot_id = equity_hours.bot_id AND at >= hour AND at < hour + 3600000);

UPDATE equity_hours SET (high, high_at) =
    (SELECT equity, at FROM equity WHERE equity.bot_id = equity_hours.bot_id AND at >= hour AND at < hour + 3600000
     ORDER BY equity DESC, at LIMIT 1)
WHERE EXISTS (SELECT 1 FROM equity WHERE equity.bot_id = equity_hours.bot_id AND at >= hour AND at < hour + 3600000);
