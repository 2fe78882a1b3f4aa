BEGIN TRANSACTION;
CREATE TABLE agents (
	id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	email VARCHAR(200) NOT NULL, 
	password_hash VARCHAR(300) NOT NULL, 
	created_at DATETIME NOT NULL, 
	disabled_at DATETIME, languages JSON, console_language VARCHAR(20), seen_at DATETIME, 
	CONSTRAINT pk_agents PRIMARY KEY (id), 
	CONSTRAINT uq_agents_email UNIQUE (email)
);
INSERT INTO "agents" VALUES(1,'Alva','alva@example.com','x','2026-03-02 09:00:50.000000',NULL,'[]',NULL,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
CREATE TABLE conversations (
	id INTEGER NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	address VARCHAR(200) NOT NULL, 
	customer VARCHAR(200) NOT NULL, 
	customer_name VARCHAR(200), 
	locale VARCHAR(40), 
	owner VARCHAR(10) DEFAULT 'bot' NOT NULL, 
	version INTEGER DEFAULT '0' NOT NULL, 
	opened_at DATETIME NOT NULL, language VARCHAR(10), language_pinned BOOLEAN DEFAULT false NOT NULL, erased_at DATETIME, erased_by VARCHAR(200), 
	CONSTRAINT pk_conversations PRIMARY KEY (id), 
	CONSTRAINT uq_conversations_channel_address UNIQUE (channel, address)
);
INSERT INTO "conversations" VALUES(1,'web','ann','ann',NULL,'en','bot',8,'2026-03-02 09:00:00.000000','en',0,NULL,NULL);
INSERT INTO "conversations" VALUES(2,'web','bea','bea',NULL,'en','agent',3,'2026-03-02 09:00:40.000000','en',0,NULL,NULL);
INSERT INTO "conversations" VALUES(3,'web','cyr','cyr',NULL,'en','queue',2,'2026-03-02 09:00:50.000000','en',0,NULL,NULL);
CREATE TABLE escalations (
	id INTEGER NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	state VARCHAR(12) DEFAULT 'waiting' NOT NULL, 
	reason VARCHAR(20) NOT NULL, 
	question TEXT NOT NULL, 
	receipt_id INTEGER, 
	agent_id INTEGER, 
	opened_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	closed_at DATETIME, 
	CONSTRAINT pk_escalations PRIMARY KEY (id), 
	CONSTRAINT fk_escalations_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id), 
	CONSTRAINT fk_escalations_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_escalations_receipt_id FOREIGN KEY(receipt_id) REFERENCES receipts (id)
);
INSERT INTO "escalations" VALUES(1,2,'claimed','nothing_found','Do you sell toasters?',4,1,'2026-03-02 09:00:45.000000','2026-03-02 09:00:50.000000',NULL);
INSERT INTO "escalations" VALUES(2,3,'waiting','asked','May I talk to a human?',5,NULL,'2026-03-02 09:00:55.000000',NULL,NULL);
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	event_id VARCHAR(200) NOT NULL, 
	address VARCHAR(200) NOT NULL, 
	message_id VARCHAR(200), 
	conversation_id INTEGER NOT NULL, 
	line_id INTEGER, 
	action JSON, 
	received_at DATETIME NOT NULL, 
	state VARCHAR(10) DEFAULT 'pending' NOT NULL, 
	due_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	error TEXT, holder VARCHAR(40), edits VARCHAR(200), handled_at DATETIME, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT fk_inbox_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_inbox_line_id FOREIGN KEY(line_id) REFERENCES messages (id), 
	CONSTRAINT uq_inbox_channel_address_message_id UNIQUE (channel, address, message_id), 
	CONSTRAINT uq_inbox_channel_event_id UNIQUE (channel, event_id)
);
INSERT INTO "inbox" VALUES(1,'web','e1','ann','m1',1,1,NULL,'2026-03-02 09:00:00.000000','done','2026-03-02 09:00:00.000000',NULL,1,NULL,NULL,NULL,'2026-03-02 09:00:05.000000');
INSERT INTO "inbox" VALUES(2,'web','e2','ann',NULL,1,NULL,'{"name": "helped", "message_id": 2, "choice": null}','2026-03-02 09:00:10.000000','done','2026-03-02 09:00:10.000000',NULL,1,NULL,NULL,NULL,'2026-03-02 09:00:15.000000');
INSERT INTO "inbox" VALUES(3,'web','e3','ann','m3',1,3,NULL,'2026-03-02 09:00:20.000000','done','2026-03-02 09:00:20.000000',NULL,1,NULL,NULL,NULL,'2026-03-02 09:00:25.000000');
INSERT INTO "inbox" VALUES(4,'web','e4','ann','m4',1,5,NULL,'2026-03-02 09:00:30.000000','done','2026-03-02 09:00:30.000000',NULL,1,NULL,NULL,NULL,'2026-03-02 09:00:35.000000');
INSERT INTO "inbox" VALUES(5,'web','e5','bea','m5',2,7,NULL,'2026-03-02 09:00:40.000000','done','2026-03-02 09:00:40.000000',NULL,1,NULL,NULL,NULL,'2026-03-02 09:00:45.000000');
INSERT INTO "inbox" VALUES(6,'web','e6','cyr','m6',3,11,NULL,'2026-03-02 09:00:50.000000','done','2026-03-02 09:00:50.000000',NULL,1,NULL,NULL,NULL,'2026-03-02 09:00:55.000000');
CREATE TABLE invitations (
	token_hash BLOB NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, name VARCHAR(200), languages JSON, 
	CONSTRAINT pk_invitations PRIMARY KEY (token_hash)
);
CREATE TABLE leases (
	name VARCHAR(200) NOT NULL, 
	holder VARCHAR(40) NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE messages (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	conversation_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	author VARCHAR(10) NOT NULL, 
	agent_id INTEGER, 
	text TEXT NOT NULL, 
	source JSON, 
	attachments JSON, 
	feedback BOOLEAN DEFAULT (false) NOT NULL, 
	helped BOOLEAN, 
	message_id VARCHAR(200), 
	form_key VARCHAR(80), 
	receipt_id INTEGER, choices JSON, chosen VARCHAR(40), edited_at DATETIME, deleted_at DATETIME, 
	CONSTRAINT fk_messages_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id), 
	CONSTRAINT fk_messages_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_messages_receipt_id FOREIGN KEY(receipt_id) REFERENCES receipts (id), 
	CONSTRAINT uq_messages_form_key UNIQUE (form_key)
);
INSERT INTO "messages" VALUES(1,1,'2026-03-02 09:00:00.000000','customer',NULL,'How do I reset the hub?',NULL,'null',0,NULL,'m1',NULL,1,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(2,1,'2026-03-02 09:00:05.000000','bot',NULL,'Hold the button for ten seconds.','{"title": "Reset the hub", "kind": "article", "url": "https://help.example/reset", "updated": null, "author": null, "confirmed": true}',NULL,1,1,NULL,NULL,1,'null',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(3,1,'2026-03-02 09:00:20.000000','customer',NULL,'replace lamp',NULL,'null',0,NULL,'m3',NULL,2,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(4,1,'2026-03-02 09:00:25.000000','bot',NULL,'Which of these do you mean?','null',NULL,0,NULL,NULL,NULL,2,'[{"id": "1", "label": "Replace lamp glass"}, {"id": "2", "label": "Replace lamp cable"}, {"id": "none", "label": "None of these, I need a human"}]','1',NULL,NULL);
INSERT INTO "messages" VALUES(5,1,'2026-03-02 09:00:30.000000','customer',NULL,'1',NULL,'null',0,NULL,'m4',NULL,3,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(6,1,'2026-03-02 09:00:35.000000','bot',NULL,'Unscrew it.','{"title": "Replace lamp glass", "kind": "article", "url": "https://help.example/lamp-a", "updated": null, "author": null, "confirmed": true}',NULL,1,NULL,NULL,NULL,3,'null',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(7,2,'2026-03-02 09:00:40.000000','customer',NULL,'Do you sell toasters?',NULL,'null',0,NULL,'m5',NULL,4,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(8,2,'2026-03-02 09:00:45.000000','bot',NULL,'I have nothing written about this, so I''ve passed it to a colleague. You''ll see the reply here, and you can add anything that helps.','null',NULL,0,NULL,NULL,NULL,4,'null',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(9,2,'2026-03-02 09:00:50.000000','event',1,'Alva claimed this.',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(10,2,'2026-03-02 09:00:50.000000','agent',1,'We don''t.',NULL,NULL,0,NULL,NULL,'k1',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(11,3,'2026-03-02 09:00:50.000000','customer',NULL,'May I talk to a human?',NULL,'null',0,NULL,'m6',NULL,5,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(12,3,'2026-03-02 09:00:55.000000','bot',NULL,'I''ve passed this to a colleague. You''ll see the reply here, and you can go on writing in the meantime.','null',NULL,0,NULL,NULL,NULL,5,'null',NULL,NULL,NULL);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	state VARCHAR(10) DEFAULT 'pending' NOT NULL, 
	due_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	error TEXT, 
	sent_at DATETIME, 
	platform_id VARCHAR(200), holder VARCHAR(40), is_farewell BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id), 
	CONSTRAINT fk_outbox_line_id FOREIGN KEY(line_id) REFERENCES messages (id), 
	CONSTRAINT uq_outbox_line_id UNIQUE (line_id)
);
INSERT INTO "outbox" VALUES(1,1,2,'leased','2026-03-02 09:00:05.000000','2026-03-02 09:02:00.000000',1,NULL,NULL,NULL,'3f63ca1109bf405d9ce2de46dc688965',0);
INSERT INTO "outbox" VALUES(2,1,4,'pending','2026-03-02 09:00:25.000000',NULL,0,NULL,NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(3,1,6,'pending','2026-03-02 09:00:35.000000',NULL,0,NULL,NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(4,2,8,'pending','2026-03-02 09:00:45.000000',NULL,0,NULL,NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(5,2,10,'pending','2026-03-02 09:00:50.000000',NULL,0,NULL,NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(6,3,12,'pending','2026-03-02 09:00:55.000000',NULL,0,NULL,NULL,NULL,NULL,0);
CREATE TABLE receipts (
	id INTEGER NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_receipts PRIMARY KEY (id), 
	CONSTRAINT fk_receipts_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id)
);
INSERT INTO "receipts" VALUES(1,1,'2026-03-02 09:00:05.000000','{"decision": "answer", "question": "How do I reset the hub?", "reason": null, "searched": "How do I reset the hub?", "language": "en", "language_choice": {"language": "en", "is_pinned": false, "ground": "words", "detected": "en", "probability": 0.979, "words": 6, "telling": 4, "belief": {"en": 0.9982}, "asks": []}, "confidence": 0.97, "among_first": 0.97, "threshold": 0.9, "unanswerable": 0.0, "shift": 0.0, "snapshot": "shelf", "candidates": [{"document_id": "reset", "passage_id": "reset#0", "title": "Reset the hub", "headings": [], "text": "Hold the button for ten seconds.", "kind": "article", "url": "https://help.example/reset", "language": "en", "updated": null, "author": null, "confirmed": true, "authority": 1.0, "score": 1.0, "dense": 0.0, "lexical": 0.0, "topic": 0.0}], "features": {}, "offered": [], "chosen": null, "step": null, "parts": [], "detail": null, "erased": null}');
INSERT INTO "receipts" VALUES(2,1,'2026-03-02 09:00:25.000000','{"decision": "clarify", "question": "replace lamp", "reason": null, "searched": "replace lamp", "language": "en", "language_choice": {"language": "en", "is_pinned": false, "ground": "before", "detected": "es", "probability": 0.538, "words": 2, "telling": 0, "belief": {"en": 0.9982}, "asks": []}, "confidence": 0.4, "among_first": 0.97, "threshold": 0.9, "unanswerable": 0.0, "shift": 0.0, "snapshot": "shelf", "candidates": [{"document_id": "lamp-a", "passage_id": "lamp-a#0", "title": "Replace lamp glass", "headings": [], "text": "Unscrew it.", "kind": "article", "url": "https://help.example/lamp-a", "language": "en", "updated": null, "author": null, "confirmed": true, "authority": 1.0, "score": 1.0, "dense": 0.0, "lexical": 0.0, "topic": 0.0}, {"document_id": "lamp-b", "passage_id": "lamp-b#0", "title": "Replace lamp cable", "headings": [], "text": "Unplug it.", "kind": "article", "url": "https://help.example/lamp-b", "language": "en", "updated": null, "author": null, "confirmed": true, "authority": 1.0, "score": 1.0, "dense": 0.0, "lexical": 0.0, "topic": 0.0}], "features": {}, "offered": ["lamp-a", "lamp-b"], "chosen": null, "step": null, "parts": [], "detail": null, "erased": null}');
INSERT INTO "receipts" VALUES(3,1,'2026-03-02 09:00:35.000000','{"decision": "answer", "question": "replace lamp", "reason": null, "searched": "replace lamp", "language": "en", "language_choice": {"language": "en", "is_pinned": false, "ground": "before", "detected": null, "probability": 0.0, "words": 0, "telling": 0, "belief": {"en": 0.9982}, "asks": []}, "confidence": 0.4, "among_first": 0.97, "threshold": 0.9, "unanswerable": 0.0, "shift": 0.0, "snapshot": "shelf", "candidates": [{"document_id": "lamp-a", "passage_id": "lamp-a#0", "title": "Replace lamp glass", "headings": [], "text": "Unscrew it.", "kind": "article", "url": "https://help.example/lamp-a", "language": "en", "updated": null, "author": null, "confirmed": true, "authority": 1.0, "score": 1.0, "dense": 0.0, "lexical": 0.0, "topic": 0.0}, {"document_id": "lamp-b", "passage_id": "lamp-b#0", "title": "Replace lamp cable", "headings": [], "text": "Unplug it.", "kind": "article", "url": "https://help.example/lamp-b", "language": "en", "updated": null, "author": null, "confirmed": true, "authority": 1.0, "score": 1.0, "dense": 0.0, "lexical": 0.0, "topic": 0.0}], "features": {}, "offered": [], "chosen": "lamp-a", "step": null, "parts": [], "detail": null, "erased": null}');
INSERT INTO "receipts" VALUES(4,2,'2026-03-02 09:00:45.000000','{"decision": "escalate", "question": "Do you sell toasters?", "reason": "nothing_found", "searched": "Do you sell toasters?", "language": "en", "language_choice": {"language": "en", "is_pinned": false, "ground": "words", "detected": "en", "probability": 0.886, "words": 4, "telling": 2, "belief": {"en": 0.9891, "pt": 0.0015, "pl": 0.0015}, "asks": []}, "confidence": 0.1, "among_first": 0.2, "threshold": 0.9, "unanswerable": 0.0, "shift": 0.0, "snapshot": "shelf", "candidates": [], "features": {}, "offered": [], "chosen": null, "step": null, "parts": [], "detail": null, "erased": null}');
INSERT INTO "receipts" VALUES(5,3,'2026-03-02 09:00:55.000000','{"decision": "escalate", "question": "May I talk to a human?", "reason": "asked", "searched": null, "language": null, "language_choice": {"language": "en", "is_pinned": false, "ground": "words", "detected": "en", "probability": 0.966, "words": 6, "telling": 4, "belief": {"en": 0.997}, "asks": []}, "confidence": null, "among_first": null, "threshold": null, "unanswerable": null, "shift": null, "snapshot": null, "candidates": [], "features": {}, "offered": [], "chosen": null, "step": null, "parts": [], "detail": null, "erased": null}');
CREATE TABLE secrets (
	name VARCHAR(40) NOT NULL, 
	value VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_secrets PRIMARY KEY (name)
);
CREATE TABLE sends (
	id INTEGER NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sends PRIMARY KEY (id), 
	CONSTRAINT fk_sends_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);
CREATE TABLE verdicts (
	receipt_id INTEGER NOT NULL, 
	document_id TEXT, 
	agent_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_verdicts PRIMARY KEY (receipt_id), 
	CONSTRAINT fk_verdicts_agent_id FOREIGN KEY(agent_id) REFERENCES agents (id), 
	CONSTRAINT fk_verdicts_receipt_id FOREIGN KEY(receipt_id) REFERENCES receipts (id) ON DELETE CASCADE
);
CREATE INDEX ix_receipts_conversation_id ON receipts (conversation_id);
CREATE INDEX ix_escalations_conversation_id ON escalations (conversation_id);
CREATE INDEX ix_escalations_state_opened_at ON escalations (state, opened_at);
CREATE UNIQUE INDEX uq_escalations_open ON escalations (conversation_id) WHERE state IN ('waiting', 'claimed');
CREATE INDEX ix_messages_conversation_id_id ON messages (conversation_id, id);
CREATE INDEX ix_inbox_conversation_id ON inbox (conversation_id);
CREATE INDEX ix_inbox_open ON inbox (conversation_id, received_at) WHERE state != 'done';
CREATE INDEX ix_outbox_open ON outbox (conversation_id, id) WHERE state IN ('pending', 'leased');
CREATE INDEX ix_messages_receipt_id ON messages (receipt_id);
CREATE INDEX ix_inbox_conversation_id_edits ON inbox (conversation_id, edits);
CREATE INDEX ix_sends_channel_at ON sends (channel, at);
CREATE INDEX ix_sends_conversation_id_at ON sends (conversation_id, at);
CREATE INDEX ix_outbox_farewell ON outbox (id) WHERE is_farewell;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('messages',12);
COMMIT;
