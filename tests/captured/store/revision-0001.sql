-- What the first revision of the workspace's database looked like, with one of each fact; never to be changed.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE answer (
	id INTEGER NOT NULL, 
	system_id TEXT NOT NULL, 
	checklist TEXT NOT NULL, 
	requirement TEXT NOT NULL, 
	value TEXT NOT NULL, 
	answered_by TEXT NOT NULL, 
	answered_at TEXT NOT NULL, 
	note TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	equivalent TEXT NOT NULL, 
	evidence_date DATE, 
	upholds TEXT NOT NULL, 
	CONSTRAINT pk_answer PRIMARY KEY (id), 
	CONSTRAINT fk_answer_system_id FOREIGN KEY(system_id) REFERENCES system (id)
);
INSERT INTO "answer" VALUES(1,'he-thong-1','tcvn-14423-2026-l3','5.1.2.1.a','partial','Trần Thị B','2026-11-22T14:05:30.250000Z','Đã có dự thảo','chờ ký','','2026-10-01','["header.server-version"]');
CREATE TABLE authorisation (
	id TEXT NOT NULL, 
	hosts TEXT NOT NULL, 
	ports TEXT NOT NULL, 
	granted_by TEXT NOT NULL, 
	document TEXT NOT NULL, 
	valid_from TEXT NOT NULL, 
	valid_until TEXT NOT NULL, 
	recorded_at TEXT NOT NULL, 
	recorded_by TEXT NOT NULL, 
	revoked_at TEXT, 
	CONSTRAINT pk_authorisation PRIMARY KEY (id)
);
INSERT INTO "authorisation" VALUES('p-1','["xa.gov.vn","*.xa.gov.vn","203.0.113.0/28"]','[{"first":1,"last":1024}]','Chủ tịch UBND xã','12/QĐ-UBND ngày 02/11/2026','2026-11-22T14:05:30.250000Z','2026-12-22T14:05:30.250000Z','2026-11-22T14:05:30.250000Z','Trần Thị B',NULL);
CREATE TABLE check_outcome (
	id INTEGER NOT NULL, 
	judgement_id INTEGER NOT NULL, 
	check_id TEXT NOT NULL, 
	result TEXT NOT NULL, 
	target TEXT NOT NULL, 
	place TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	reason TEXT, 
	CONSTRAINT pk_check_outcome PRIMARY KEY (id), 
	CONSTRAINT fk_check_outcome_judgement_id FOREIGN KEY(judgement_id) REFERENCES judgement (id)
);
INSERT INTO "check_outcome" VALUES(1,1,'tls.tls10','fail','a:443','x','{"suites":["A",1]}',NULL);
INSERT INTO "check_outcome" VALUES(2,1,'cert.no-sct','inconclusive','a:443','','{}','{"code":"no-https","params":{"n":1}}');
CREATE TABLE finding (
	id INTEGER NOT NULL, 
	judgement_id INTEGER NOT NULL, 
	identity TEXT NOT NULL, 
	check_id TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	target TEXT NOT NULL, 
	place TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	CONSTRAINT pk_finding PRIMARY KEY (id), 
	CONSTRAINT fk_finding_judgement_id FOREIGN KEY(judgement_id) REFERENCES judgement (id)
);
INSERT INTO "finding" VALUES(1,1,'0000000000000000','tls.tls10','high','a:443','0','{"n":0}');
INSERT INTO "finding" VALUES(2,1,'0000000000000001','tls.tls10','high','a:443','1','{"n":1}');
INSERT INTO "finding" VALUES(3,1,'0000000000000002','tls.tls10','info','a:443','2','{"n":2}');
CREATE TABLE judgement (
	id INTEGER NOT NULL, 
	scan_id TEXT NOT NULL, 
	rules_version TEXT NOT NULL, 
	judged_at TEXT NOT NULL, 
	CONSTRAINT pk_judgement PRIMARY KEY (id), 
	CONSTRAINT fk_judgement_scan_id FOREIGN KEY(scan_id) REFERENCES scan (id)
);
INSERT INTO "judgement" VALUES(1,'20261122-1405-7f3a9c','1','2026-11-22T14:05:30.250000Z');
CREATE TABLE observation (
	id INTEGER NOT NULL, 
	scan_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	target TEXT NOT NULL, 
	at TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_observation PRIMARY KEY (id), 
	CONSTRAINT fk_observation_scan_id FOREIGN KEY(scan_id) REFERENCES scan (id)
);
INSERT INTO "observation" VALUES(1,'20261122-1405-7f3a9c','service','a:22','2026-11-22T14:05:30.250000Z','{"target":"a:22","at":"2026-11-22T14:05:30.250000Z","address":"","fault":null,"kind":"service","host":"a","port":22,"protocol":"tcp","service":"","product":"","version":"","method":"number","banner":"cổng 22"}');
INSERT INTO "observation" VALUES(2,'20261122-1405-7f3a9c','http-visit','https://xn--x-mu-goa0686b.vn/tin?trang=1','2026-11-22T14:05:30.250000Z','{"target":"https://xn--x-mu-goa0686b.vn/tin?trang=1","at":"2026-11-22T14:05:30.250000Z","address":"203.0.113.5","fault":null,"kind":"http-visit","purpose":"page-https","exchanges":[{"url":"https://xn--x-mu-goa0686b.vn/tin?trang=1","method":"GET","request_headers":[],"address":"","status":200,"http_version":"","headers":[["Server","x"],["server","ÿ"]],"body":"trang xã","body_sha256":"","body_bytes":0,"truncated":false,"seconds":0.25,"fault":null}],"end":"final","next_url":""}');
CREATE TABLE organisation (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	superior TEXT NOT NULL, 
	place TEXT NOT NULL, 
	contact_name TEXT NOT NULL, 
	contact_email TEXT NOT NULL, 
	contact_phone TEXT NOT NULL, 
	is_sample BOOLEAN NOT NULL, 
	CONSTRAINT pk_organisation PRIMARY KEY (id)
);
INSERT INTO "organisation" VALUES(1,'Ủy ban nhân dân xã Mẫu','Ủy ban nhân dân tỉnh Mẫu','xã Mẫu','Nguyễn Văn A','vanphong@xamau.example','0123 456 789',1);
CREATE TABLE probe_run (
	id INTEGER NOT NULL, 
	scan_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	status TEXT NOT NULL, 
	seconds FLOAT NOT NULL, 
	fault TEXT, 
	notes TEXT NOT NULL, 
	CONSTRAINT pk_probe_run PRIMARY KEY (id), 
	CONSTRAINT fk_probe_run_scan_id FOREIGN KEY(scan_id) REFERENCES scan (id), 
	CONSTRAINT uq_probe_run_scan_id_name UNIQUE (scan_id, name)
);
INSERT INTO "probe_run" VALUES(1,'20261122-1405-7f3a9c','http','ok',1.5,NULL,'[]');
INSERT INTO "probe_run" VALUES(2,'20261122-1405-7f3a9c','tls','failed',0.0,'{"code":"no-https","params":{}}','[]');
CREATE TABLE profile_answer (
	id INTEGER NOT NULL, 
	system_id TEXT NOT NULL, 
	question TEXT NOT NULL, 
	yes BOOLEAN NOT NULL, 
	answered_by TEXT NOT NULL, 
	answered_at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_profile_answer PRIMARY KEY (id), 
	CONSTRAINT fk_profile_answer_system_id FOREIGN KEY(system_id) REFERENCES system (id)
);
INSERT INTO "profile_answer" VALUES(1,'he-thong-1','wireless',0,'Trần Thị B','2026-11-22T14:05:30.250000Z','Không có mạng không dây');
CREATE TABLE program (
	id INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	first_used_at TEXT NOT NULL, 
	CONSTRAINT pk_program PRIMARY KEY (id)
);
INSERT INTO "program" VALUES(1,'0.1.0',1,'2026-11-22T14:05:30.250000Z');
CREATE TABLE raw_result (
	id INTEGER NOT NULL, 
	scan_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	CONSTRAINT pk_raw_result PRIMARY KEY (id), 
	CONSTRAINT fk_raw_result_scan_id FOREIGN KEY(scan_id) REFERENCES scan (id)
);
CREATE TABLE scan (
	id TEXT NOT NULL, 
	site_id TEXT NOT NULL, 
	version TEXT NOT NULL, 
	url TEXT NOT NULL, 
	target TEXT NOT NULL, 
	options TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	finished_at TEXT, 
	status TEXT NOT NULL, 
	authorisation TEXT NOT NULL, 
	tools TEXT NOT NULL, 
	process TEXT NOT NULL, 
	CONSTRAINT pk_scan PRIMARY KEY (id), 
	CONSTRAINT fk_scan_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);
INSERT INTO "scan" VALUES('20261122-1405-7f3a9c','xa-mau','0.1.0','https://xn--x-mu-goa0686b.vn/tin?trang=1','{"scheme":"https","host":"xn--x-mu-goa0686b.vn","port":443,"path":"/tin?trang=1","display_host":"xã-mẫu.vn"}','{"probes":["http","tls","ports"],"profile":"standard","ca_file":"","port_engine":"auto","http_port":null,"https_port":null,"resolver":"","contact":"ộ@x.example","allowed_ports":[],"time_limit":120.0}','2026-11-22T14:05:30.250000Z','2026-11-22T14:05:30.250000Z','incomplete','p-1','{"openssl":"3.0"}','{"host":"may-tinh","pid":4321,"started":"boot/77"}');
CREATE TABLE site (
	id TEXT NOT NULL, 
	system_id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	target TEXT NOT NULL, 
	allowed_ports TEXT NOT NULL, 
	CONSTRAINT pk_site PRIMARY KEY (id), 
	CONSTRAINT fk_site_system_id FOREIGN KEY(system_id) REFERENCES system (id)
);
INSERT INTO "site" VALUES('xa-mau','he-thong-1','https://xn--x-mu-goa0686b.vn/tin?trang=1','{"scheme":"https","host":"xn--x-mu-goa0686b.vn","port":443,"path":"/tin?trang=1","display_host":"xã-mẫu.vn"}','[80,443]');
CREATE TABLE system (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	level INTEGER NOT NULL, 
	level_basis TEXT NOT NULL, 
	operator TEXT NOT NULL, 
	CONSTRAINT pk_system PRIMARY KEY (id)
);
INSERT INTO "system" VALUES('he-thong-1','Trang thông tin điện tử xã Mẫu',3,'voluntary','Văn phòng UBND');
CREATE INDEX ix_answer_system_id_checklist_requirement ON answer (system_id, checklist, requirement);
CREATE INDEX ix_profile_answer_system_id_question ON profile_answer (system_id, question);
CREATE INDEX ix_site_url ON site (url);
CREATE INDEX ix_scan_site_id_started_at ON scan (site_id, started_at);
CREATE INDEX ix_scan_status ON scan (status);
CREATE INDEX ix_judgement_scan_id ON judgement (scan_id);
CREATE INDEX ix_observation_scan_id ON observation (scan_id);
CREATE INDEX ix_raw_result_scan_id ON raw_result (scan_id);
CREATE INDEX ix_check_outcome_judgement_id ON check_outcome (judgement_id);
CREATE INDEX ix_finding_identity ON finding (identity);
CREATE INDEX ix_finding_judgement_id ON finding (judgement_id);
COMMIT;
