-- Every statement ends with a semicolon and an empty line; there is no empty line within one.
-- Money, prices and quantities are INTEGER in units of 1e-8, times are INTEGER milliseconds since 1970 in UTC.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    role          TEXT    NOT NULL CHECK (role IN ('owner', 'viewer')),
    owner_id      INTEGER NOT NULL REFERENCES users (id),
    token_epoch   INTEGER NOT NULL DEFAULT 1,
    password_hash TEXT,
    created_at    INTEGER NOT NULL
) STRICT;

INSERT INTO users (id, email, role, owner_id, created_at)
VALUES (1, 'owner@localhost', 'owner', 1, CAST(strftime('%s', 'now') AS INTEGER) * 1000);

-- The journal. All other tables about bots are projections of it.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY CHECK (seq > 0),
    bot_id      INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    happened_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    data        TEXT    NOT NULL
) STRICT;

-- An index of SQLite ends with the row's number, which is seq: this one is (bot_id, seq).
CREATE INDEX events_by_bot ON events (bot_id);

-- The facts that are not part of ordinary trading are few; whoever asks for them alone need not walk over the rest.
CREATE INDEX events_of_note ON events (seq) WHERE type <> 'order' AND type <> 'fill' AND type <> 'trade' AND type <> 'decision' AND type <> 'protection';

CREATE INDEX events_of_note_by_bot ON events (bot_id)
    WHERE type <> 'order' AND type <> 'fill' AND type <> 'trade' AND type <> 'decision' AND type <> 'protection';

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'a fact of the journal is never changed');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'a fact of the journal is never deleted');
END;

CREATE TABLE bots (
    id             INTEGER PRIMARY KEY CHECK (id > 0),
    owner_id       INTEGER NOT NULL REFERENCES users (id),
    name           TEXT    NOT NULL,
    symbol         TEXT    NOT NULL,
    exchange       TEXT    NOT NULL,
    market         TEXT    NOT NULL,
    mode           TEXT    NOT NULL,
    strategy       TEXT    NOT NULL,
    config_version INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    configured_at  INTEGER NOT NULL,
    deleted_at     INTEGER
) STRICT;

CREATE TABLE bot_configs (
    bot_id     INTEGER NOT NULL REFERENCES bots (id),
    version    INTEGER NOT NULL CHECK (version > 0),
    name       TEXT    NOT NULL,
    symbol     TEXT    NOT NULL,
    strategy   TEXT    NOT NULL,
    config     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (bot_id, version)
) STRICT;

-- The fold of each bot's facts; state holds all of it, the columns what a query may ask for.
CREATE TABLE bot_states (
    bot_id                      INTEGER PRIMARY KEY REFERENCES bots (id),
    last_sequence               INTEGER NOT NULL,
    last_updated_at             INTEGER,
    status                      TEXT    NOT NULL,
    error_kind                  TEXT,
    desired_state               TEXT    NOT NULL,
    health                      TEXT    NOT NULL,
    health_reason               TEXT,
    in_position                 INTEGER NOT NULL,
    position_side               TEXT,
    entry_price                 INTEGER,
    current_position_size_coins INTEGER NOT NULL,
    stop_loss_price             INTEGER,
    take_profit_price           INTEGER,
    trailing_stop_price         INTEGER,
    max_price_since_entry       INTEGER,
    min_price_since_entry       INTEGER,
    daily_pnl                   INTEGER NOT NULL,
    daily_trades_count          INTEGER NOT NULL,
    currency                    TEXT    NOT NULL,
    balance                     INTEGER NOT NULL,
    peak_equity                 INTEGER,
    last_run_at                 INTEGER,
    last_error_message          TEXT,
    state                       TEXT    NOT NULL
) STRICT;

-- All facts of one transaction are recorded at one time: only the first of a bot has something to write.
CREATE TRIGGER events_touch_their_bot AFTER INSERT ON events
BEGIN
    UPDATE bot_states SET last_updated_at = NEW.recorded_at
    WHERE bot_id = NEW.bot_id AND last_updated_at IS NOT NEW.recorded_at;
END;

-- A new bot's row comes after its first facts.
CREATE TRIGGER bot_states_begin AFTER INSERT ON bot_states
BEGIN
    UPDATE bot_states SET last_updated_at = (SELECT recorded_at FROM events WHERE seq = NEW.last_sequence)
    WHERE bot_id = NEW.bot_id;
END;

CREATE TABLE orders (
    seq               INTEGER PRIMARY KEY,
    bot_id            INTEGER NOT NULL REFERENCES bots (id),
    exchange_order_id TEXT,
    symbol            TEXT    NOT NULL,
    side              TEXT    NOT NULL,
    type              TEXT    NOT NULL,
    time_in_force     TEXT    NOT NULL,
    purpose           TEXT    NOT NULL,
    reduce_only       INTEGER NOT NULL,
    post_only         INTEGER NOT NULL,
    state             TEXT    NOT NULL,
    is_open           INTEGER NOT NULL,
    quantity          INTEGER NOT NULL,
    filled            INTEGER NOT NULL,
    limit_price       INTEGER,
    stop_price        INTEGER,
    filled_notional   INTEGER NOT NULL,
    tag               TEXT    NOT NULL,
    reason            TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    accepted_at       INTEGER
) STRICT;

CREATE INDEX orders_by_bot ON orders (bot_id);

CREATE INDEX orders_open ON orders (bot_id) WHERE is_open = 1;

-- The numbers of an exchange's trades are unique for one symbol only, and a trade between two orders of ours carries
-- one number twice; with the order it is one fill, however often it is told.
CREATE TABLE fills (
    seq               INTEGER PRIMARY KEY REFERENCES events (seq),
    bot_id            INTEGER NOT NULL REFERENCES bots (id),
    order_seq         INTEGER NOT NULL REFERENCES orders (seq) DEFERRABLE INITIALLY DEFERRED,
    exchange          TEXT    NOT NULL,
    exchange_trade_id TEXT    NOT NULL,
    side              TEXT    NOT NULL,
    price             INTEGER NOT NULL,
    quantity          INTEGER NOT NULL,
    fee               INTEGER NOT NULL,
    fee_rate          INTEGER NOT NULL,
    is_maker          INTEGER NOT NULL,
    realised          INTEGER NOT NULL,
    happened_at       INTEGER NOT NULL,
    UNIQUE (exchange, exchange_trade_id, order_seq)
) STRICT;

CREATE TABLE trades (
    id             INTEGER PRIMARY KEY REFERENCES events (seq),
    bot_id         INTEGER NOT NULL REFERENCES bots (id),
    symbol         TEXT    NOT NULL,
    side           TEXT    NOT NULL,
    quantity       INTEGER NOT NULL,
    entry_at       INTEGER NOT NULL,
    exit_at        INTEGER NOT NULL,
    entry_price    INTEGER NOT NULL,
    exit_price     INTEGER NOT NULL,
    gross          INTEGER NOT NULL,
    fees           INTEGER NOT NULL,
    funding        INTEGER NOT NULL,
    net            INTEGER NOT NULL,
    entry_tag      TEXT    NOT NULL,
    exit_reason    TEXT    NOT NULL,
    exit_tag       TEXT    NOT NULL,
    config_version INTEGER NOT NULL,
    currency       TEXT    NOT NULL
) STRICT;

-- With the time of exit in it, so that a range of days is found without reading the rows before.
CREATE INDEX trades_by_bot ON trades (bot_id, id, exit_at);

-- The numbers alone, for a jump to the n-th trade of all.
CREATE INDEX trades_in_order ON trades (id, exit_at);

CREATE TABLE ledger (
    bot_id   INTEGER NOT NULL REFERENCES bots (id),
    seq      INTEGER NOT NULL REFERENCES events (seq),
    kind     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    amount   INTEGER NOT NULL,
    currency TEXT    NOT NULL,
    rate     INTEGER NOT NULL,
    PRIMARY KEY (bot_id, seq, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE equity (
    bot_id INTEGER NOT NULL REFERENCES bots (id),
    at     INTEGER NOT NULL,
    equity INTEGER NOT NULL,
    PRIMARY KEY (bot_id, at)
) STRICT, WITHOUT ROWID;

-- The extremes of each hour, so that a curve of years is drawn from a few thousand rows.
CREATE TABLE equity_hours (
    bot_id  INTEGER NOT NULL REFERENCES bots (id),
    hour    INTEGER NOT NULL,
    low     INTEGER NOT NULL,
    low_at  INTEGER NOT NULL,
    high    INTEGER NOT NULL,
    high_at INTEGER NOT NULL,
    PRIMARY KEY (bot_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER equity_belongs_to_an_hour AFTER INSERT ON equity
BEGIN
    INSERT INTO equity_hours (bot_id, hour, low, low_at, high, high_at)
    VALUES (NEW.bot_id, NEW.at - NEW.at % 3600000, NEW.equity, NEW.at, NEW.equity, NEW.at)
    ON CONFLICT (bot_id, hour) DO UPDATE SET
        low_at  = CASE WHEN excluded.low < low THEN excluded.low_at ELSE low_at END,
        low     = min(low, excluded.low),
        high_at = CASE WHEN excluded.high > high THEN excluded.high_at ELSE high_at END,
        high    = max(high, excluded.high);
END;

PRAGMA application_id = 1413631828;
