CREATE TABLE `contact_edits` (
	`id` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`field` text NOT NULL,
	`before` text,
	`after` text,
	`at` integer NOT NULL,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `contact_edits_of_contact` ON `contact_edits` (`contact_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `contact_words` (
	`word` text NOT NULL,
	`contact_id` text NOT NULL,
	PRIMARY KEY(`word`, `contact_id`),
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `contact_words_of_contact` ON `contact_words` (`contact_id`);--> statement-breakpoint
CREATE TABLE `contact_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`contact_id` text,
	`visitor_id` text,
	`agent_id` text NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer,
	`removed_at` integer,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`visitor_id`) REFERENCES `visitors`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `contact_notes_of_contact` ON `contact_notes` (`contact_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `contact_notes_of_visitor` ON `contact_notes` (`visitor_id`,`created_at`);--> statement-breakpoint
ALTER TABLE `agents` ADD `away_since` integer;--> statement-breakpoint
ALTER TABLE `agents` ADD `theme` text;--> statement-breakpoint
ALTER TABLE `conversations` ADD `last_visitor_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `channel` text DEFAULT 'widget' NOT NULL;--> statement-breakpoint
ALTER TABLE `reads` ADD `raised_by` text;--> statement-breakpoint
ALTER TABLE `reads` ADD `raised_from` integer;--> statement-breakpoint
CREATE INDEX `reads_raised` ON `reads` (`raised_by`) WHERE raised_by is not null;--> statement-breakpoint
ALTER TABLE `visitors` ADD `language` text;--> statement-breakpoint
ALTER TABLE `visitors` ADD `time_zone` text;--> statement-breakpoint
ALTER TABLE `visitors` ADD `last_seen_at` integer;--> statement-breakpoint
ALTER TABLE `visitors` ADD `page` text;--> statement-breakpoint
ALTER TABLE `visitors` ADD `referrer` text;--> statement-breakpoint
ALTER TABLE `visitors` ADD `user_agent` text;--> statement-breakpoint
CREATE INDEX `visitors_of_contact` ON `visitors` (`contact_id`);--> statement-breakpoint
UPDATE `conversations` SET `last_visitor_seq` = coalesce((SELECT max(`seq`) FROM `messages` WHERE `conversation_id` = `conversations`.`id` AND `author_kind` = 'visitor' AND `kind` <> 'event'), 0);--> statement-breakpoint
UPDATE `conversations` SET `channel` = 'form' WHERE EXISTS (SELECT 1 FROM `messages` WHERE `conversation_id` = `conversations`.`id` AND `seq` = 1 AND `kind` = 'feedback');