-- Coaching as an agreement with clips, a catalogue of trainings, names of staff, care after abuse, examples to learn from.

-- What people can be trained in. Trainers and administrators keep it; some entries are shipped.
CREATE TABLE trainings (
    id UUID NOT NULL PRIMARY KEY,       -- our key
    title TEXT NOT NULL,                -- what it is called
    title_en TEXT,                      -- the same in English; null where nobody wrote it
    indicator TEXT,                     -- behaviour that it is for; null for any
    programme TEXT NOT NULL,            -- train, motivate, empower or support
    about TEXT NOT NULL,                -- what is done
    added_by TEXT NOT NULL,             -- account, or system for what is shipped
    added_at BIGINT NOT NULL,          -- when
    retired_at BIGINT                  -- no longer offered since
);

INSERT INTO trainings (id, title, title_en, indicator, programme, about, added_by, added_at, retired_at) VALUES
    ('0199c0a0-0000-7000-8000-000000000001', '先回应情绪，再谈方案', 'Answer the feeling first, then the matter', 'unsoothed', 'train', '客户不满时，先说出对方的感受和已经知道的经过，再给方案；用两段录音对比练习。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000002', '愤怒客户的三步回应', 'Three steps with an angry customer', 'negative_ending', 'train', '停一停、复述诉求、给出下一步和时间；两人一组演练，互相点评。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000003', '受理时说清时限', 'Say by when', NULL, 'train', '受理投诉或故障时，把处理时限说成一句完整的话，并在结束前再确认一次。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000004', '结束前问一句是否满意', 'Ask before you close', 'satisfaction_not_asked', 'train', '用自己的话询问问题是否已解决，不用固定套话；记录客户的回答。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000005', '语气不被带着走', 'Keep your own tone', 'agent_lapse', 'support', '识别自己被激怒的信号，用暂停、请求协助、换人接听等办法稳住语气；班长陪听一次。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000006', '好做法分享', 'Share what works', NULL, 'motivate', '在班组学习会上讲一段自己处理得好的服务记录：当时怎么想、怎么说。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000007', '带教新同事', 'Coach a newcomer', NULL, 'empower', '请做得好的同事带教一周，旁听并给出两条具体建议。', 'system', 0, NULL),
    ('0199c0a0-0000-7000-8000-000000000008', '高压之后的恢复', 'Recover after hard calls', NULL, 'support', '连续遇到难缠来电之后怎样休息、轮换、求助；由班长安排。', 'system', 0, NULL);

-- The agreement in full.
ALTER TABLE coaching ADD COLUMN due_at BIGINT;           -- until when it should be done
ALTER TABLE coaching ADD COLUMN programme TEXT;           -- train, motivate, empower or support
ALTER TABLE coaching ADD COLUMN training UUID REFERENCES trainings (id); -- item of the catalogue
ALTER TABLE coaching ADD COLUMN private_note TEXT;        -- redacted; for whoever agreed it alone
ALTER TABLE coaching ADD COLUMN shared_note TEXT;         -- redacted; for the person, too
ALTER TABLE coaching ADD COLUMN acknowledged_at BIGINT;  -- when the person said that they have read it
ALTER TABLE coaching ADD COLUMN acknowledged_note TEXT;   -- what the person said with that, redacted
ALTER TABLE coaching ADD COLUMN done_at BIGINT;          -- when it was done
CREATE INDEX coaching_by_due ON coaching (due_at) WHERE due_at IS NOT NULL;

-- Turns of contacts that an agreement is about.
CREATE TABLE coaching_clips (
    coaching UUID NOT NULL REFERENCES coaching (id) ON DELETE CASCADE, -- which agreement
    place BIGINT NOT NULL,             -- position in it, from 1
    contact UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- whose turns
    revision BIGINT NOT NULL,          -- revision of the contact that was listened to
    first_turn BIGINT NOT NULL,        -- first turn, from 0
    last_turn BIGINT NOT NULL,         -- last turn
    good BOOLEAN NOT NULL,             -- true where it shows what went well
    PRIMARY KEY (coaching, place)
);
CREATE INDEX coaching_clips_by_contact ON coaching_clips (contact);

-- What staff are called, where the operator gives it.
CREATE TABLE staff_names (
    staff_id TEXT NOT NULL PRIMARY KEY, -- work number
    name TEXT NOT NULL,                 -- what the person is called
    given_at BIGINT NOT NULL           -- when it came in
);

-- Support for somebody who was insulted or threatened: a task, never a fault.
CREATE TABLE care_tasks (
    contact UUID NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- where it happened
    staff_id TEXT NOT NULL,             -- who needs support
    team TEXT,                          -- team that served
    owner TEXT,                         -- account that sees to it; null until somebody takes it
    made_at BIGINT NOT NULL,           -- when it was confirmed, or soon after
    due_at BIGINT NOT NULL,            -- until when somebody should have talked to the person
    done_at BIGINT,                    -- when it was done
    done_by TEXT,                       -- who says so
    note TEXT                           -- what was done, redacted
);
CREATE INDEX care_tasks_by_due ON care_tasks (due_at) WHERE done_at IS NULL;
CREATE INDEX care_tasks_by_staff ON care_tasks (staff_id);

-- Good examples that a person chose and released for everybody to learn from.
CREATE TABLE learning_items (
    contact UUID NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision BIGINT NOT NULL,          -- revision of the contact that was read
    first_turn BIGINT NOT NULL,        -- first turn shown, from 0
    last_turn BIGINT NOT NULL,         -- last turn shown
    remark TEXT NOT NULL,               -- what there is to learn, redacted
    chosen_by TEXT NOT NULL,            -- who chose it
    chosen_at BIGINT NOT NULL,         -- when
    released_by TEXT,                   -- who released it
    released_at BIGINT                 -- when; null until then
);
CREATE INDEX learning_items_by_release ON learning_items (released_at) WHERE released_at IS NOT NULL;
