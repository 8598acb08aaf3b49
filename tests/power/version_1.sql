-- The journal's tables as version 1 of its format had them.

CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    journal_id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE record (
    journal INTEGER NOT NULL REFERENCES journal,
    record_seq INTEGER NOT NULL,
    transaction_id TEXT,
    content BLOB NOT NULL,
    commitment BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (journal, record_seq)
) STRICT, WITHOUT ROWID;

-- where each transaction stands: points at the records that say so
CREATE TABLE transactions (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    journal INTEGER NOT NULL,
    drafted_seq INTEGER NOT NULL,
    state_journal INTEGER NOT NULL,
    state_seq INTEGER NOT NULL,
    stage TEXT NOT NULL,
    FOREIGN KEY (journal, drafted_seq) REFERENCES record,
    FOREIGN KEY (state_journal, state_seq) REFERENCES record
) STRICT, WITHOUT ROWID;
CREATE INDEX unsettled ON transactions (stage)
    WHERE stage IN ('drafted', 'authorised', 'acting', 'in_doubt');

-- the outbox: what was signed, and how far it came
CREATE TABLE item (
    journal INTEGER NOT NULL REFERENCES journal,
    seq INTEGER NOT NULL,
    transaction_id TEXT NOT NULL REFERENCES transactions,
    domain TEXT NOT NULL,
    rank INTEGER NOT NULL,
    holder_ref TEXT,
    head_seq INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    wall TEXT NOT NULL,
    delivery TEXT NOT NULL DEFAULT 'pending',
    burnt INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    place TEXT GENERATED ALWAYS AS (iif(burnt, 'burnt', delivery)) VIRTUAL,
    PRIMARY KEY (journal, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_of_transaction ON item (transaction_id);
CREATE INDEX waiting ON item (rank, journal, seq) WHERE delivery IN ('pending', 'sent') AND NOT burnt;
CREATE INDEX waiting_of_holder ON item (holder_ref, journal, seq) WHERE delivery IN ('pending', 'sent') AND NOT burnt;
CREATE INDEX waiting_by_age ON item (journal, seq) WHERE delivery IN ('pending', 'sent') AND NOT burnt;

-- the two tables that are emptied, each row when the centre has acknowledged its item
CREATE TABLE outgoing (
    journal INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    signed BLOB NOT NULL,
    PRIMARY KEY (journal, seq),
    FOREIGN KEY (journal, seq) REFERENCES item
) STRICT, WITHOUT ROWID;
CREATE TABLE sealed (
    transaction_id TEXT PRIMARY KEY REFERENCES transactions,
    salt BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE slip (
    id TEXT PRIMARY KEY,
    transaction_id TEXT REFERENCES transactions,
    open INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX open_slips ON slip (id) WHERE open;

-- kept by triggers, so that nobody ever counts a long history
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO tally (name) VALUES
    ('pending'), ('sent'), ('acknowledged'), ('quarantined'), ('burnt'), ('in_doubt');

CREATE TRIGGER item_added AFTER INSERT ON item BEGIN
    UPDATE tally SET number = number + 1 WHERE name = NEW.place;
END;
CREATE TRIGGER item_moved AFTER UPDATE OF delivery, burnt ON item WHEN OLD.place <> NEW.place BEGIN
    UPDATE tally SET number = number - 1 WHERE name = OLD.place;
    UPDATE tally SET number = number + 1 WHERE name = NEW.place;
END;
CREATE TRIGGER transaction_moved AFTER UPDATE OF stage ON transactions WHEN OLD.stage <> NEW.stage BEGIN
    UPDATE tally SET number = number - 1 WHERE name = OLD.stage;
    UPDATE tally SET number = number + 1 WHERE name = NEW.stage;
END;

CREATE TRIGGER record_no_update BEFORE UPDATE ON record BEGIN
    SELECT RAISE(ABORT, 'records are append-only');
END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record BEGIN
    SELECT RAISE(ABORT, 'records are append-only');
END;
CREATE TRIGGER record_no_replace BEFORE INSERT ON record
WHEN EXISTS (SELECT 1 FROM record WHERE journal = NEW.journal AND record_seq >= NEW.record_seq) BEGIN
    SELECT RAISE(ABORT, 'records are append-only');
END;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'a journal id is for ever');
END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'a journal id is for ever');
END;
CREATE TRIGGER item_no_delete BEFORE DELETE ON item BEGIN
    SELECT RAISE(ABORT, 'items are for ever');
END;
CREATE TRIGGER item_no_rewrite
BEFORE UPDATE OF journal, seq, transaction_id, domain, rank, holder_ref, head_seq, sha256, wall ON item BEGIN
    SELECT RAISE(ABORT, 'an item is fixed when it is signed');
END;
CREATE TRIGGER transactions_no_delete BEFORE DELETE ON transactions BEGIN
    SELECT RAISE(ABORT, 'transactions are for ever');
END;
CREATE TRIGGER outgoing_only_acknowledged BEFORE DELETE ON outgoing
WHEN NOT EXISTS (
    SELECT 1 FROM item WHERE journal = OLD.journal AND seq = OLD.seq AND delivery = 'acknowledged'
) BEGIN
    SELECT RAISE(ABORT, 'not acknowledged by the centre');
END;
CREATE TRIGGER outgoing_no_update BEFORE UPDATE ON outgoing BEGIN
    SELECT RAISE(ABORT, 'an item is fixed when it is signed');
END;
CREATE TRIGGER sealed_only_acknowledged BEFORE DELETE ON sealed
WHEN NOT EXISTS (
    SELECT 1 FROM item
    WHERE transaction_id = OLD.transaction_id AND domain = 'transaction' AND delivery = 'acknowledged'
) AND NOT EXISTS (
    SELECT 1 FROM transactions WHERE id = OLD.transaction_id AND stage = 'cancelled'
) BEGIN
    SELECT RAISE(ABORT, 'not acknowledged by the centre');
END;
CREATE TRIGGER sealed_no_update BEFORE UPDATE ON sealed BEGIN
    SELECT RAISE(ABORT, 'sealed data are fixed when they are drafted');
END;
