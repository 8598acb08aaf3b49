"""The tables.  `record` is the truth; the others are found again from it, or hold what waits for the centre."""

VERSION = 3
WITH_CHECKPOINTS = 3

SCHEMA = """
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
    card_ref TEXT,
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
"""

_CARDS = """
CREATE INDEX of_card ON transactions (card_ref, journal, drafted_seq) WHERE card_ref IS NOT NULL;

-- the records that switched the unblock key off or on, the last one counts
CREATE TABLE breaker (
    journal INTEGER NOT NULL,
    record_seq INTEGER NOT NULL,
    PRIMARY KEY (journal, record_seq),
    FOREIGN KEY (journal, record_seq) REFERENCES record
) STRICT, WITHOUT ROWID;
CREATE TRIGGER breaker_no_delete BEFORE DELETE ON breaker BEGIN
    SELECT RAISE(ABORT, 'only a named operator switches the unblock key on again');
END;
"""

_RETENTION = """
-- how far each journal was pruned: what the terminal signed, and the place its records go on from
CREATE TABLE checkpoint (
    journal INTEGER PRIMARY KEY REFERENCES journal,
    record_seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    signed BLOB NOT NULL
) STRICT;
CREATE INDEX slip_of_transaction ON slip (transaction_id) WHERE transaction_id IS NOT NULL;

CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN
    SELECT RAISE(ABORT, 'what was pruned is not forgotten');
END;
CREATE TRIGGER checkpoint_of_a_record BEFORE INSERT ON checkpoint
WHEN EXISTS (SELECT 1 FROM checkpoint WHERE journal = NEW.journal)
OR NOT EXISTS (
    SELECT 1 FROM record WHERE journal = NEW.journal AND record_seq = NEW.record_seq AND hash = NEW.hash
) BEGIN
    SELECT RAISE(ABORT, 'a checkpoint stands on a record');
END;
CREATE TRIGGER checkpoint_moves_on BEFORE UPDATE ON checkpoint
WHEN NEW.journal <> OLD.journal OR NEW.record_seq <= OLD.record_seq OR NOT EXISTS (
    SELECT 1 FROM record WHERE journal = NEW.journal AND record_seq = NEW.record_seq AND hash = NEW.hash
) BEGIN
    SELECT RAISE(ABORT, 'a checkpoint stands on a later record');
END;

-- nothing beyond a checkpoint can be deleted
DROP TRIGGER record_no_delete;
CREATE TRIGGER record_only_pruned BEFORE DELETE ON record
WHEN OLD.record_seq > ifnull((SELECT record_seq FROM checkpoint WHERE journal = OLD.journal), -1) BEGIN
    SELECT RAISE(ABORT, 'records are append-only');
END;
DROP TRIGGER item_no_delete;
CREATE TRIGGER item_only_pruned BEFORE DELETE ON item
WHEN OLD.delivery <> 'acknowledged'
OR OLD.head_seq > ifnull((SELECT record_seq FROM checkpoint WHERE journal = OLD.journal), -1) BEGIN
    SELECT RAISE(ABORT, 'items are for ever');
END;
CREATE TRIGGER item_removed AFTER DELETE ON item BEGIN
    UPDATE tally SET number = number - 1 WHERE name = OLD.place;
END;
DROP TRIGGER transactions_no_delete;
CREATE TRIGGER transaction_only_pruned BEFORE DELETE ON transactions
WHEN OLD.stage IN ('drafted', 'registered', 'authorised', 'acting', 'in_doubt')
OR OLD.drafted_seq > ifnull((SELECT record_seq FROM checkpoint WHERE journal = OLD.journal), -1)
OR OLD.state_seq > ifnull((SELECT record_seq FROM checkpoint WHERE journal = OLD.state_journal), -1)
OR EXISTS (SELECT 1 FROM item WHERE transaction_id = OLD.id)
OR EXISTS (SELECT 1 FROM sealed WHERE transaction_id = OLD.id)
OR EXISTS (SELECT 1 FROM slip WHERE transaction_id = OLD.id) BEGIN
    SELECT RAISE(ABORT, 'transactions are for ever');
END;
DROP TRIGGER breaker_no_delete;
CREATE TRIGGER breaker_only_pruned BEFORE DELETE ON breaker
WHEN OLD.record_seq > ifnull((SELECT record_seq FROM checkpoint WHERE journal = OLD.journal), -1) BEGIN
    SELECT RAISE(ABORT, 'only a named operator switches the unblock key on again');
END;
"""

SCHEMA += _CARDS + _RETENTION

MIGRATIONS = {1: f"ALTER TABLE transactions ADD COLUMN card_ref TEXT;{_CARDS}", 2: _RETENTION}
"""From this version to the next.  Before 2 no transaction touched a chip, so nothing has to be filled in."""
