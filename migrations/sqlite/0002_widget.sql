CREATE TABLE `pictures` (
	`hash` text PRIMARY KEY NOT NULL,
	`media_type` text NOT NULL,
	`bytes` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
ALTER TABLE `agents` ADD `title` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `photo` text REFERENCES pictures(hash);--> statement-breakpoint
ALTER TABLE `contacts` ADD `verified_at` integer;--> statement-breakpoint
ALTER TABLE `sites` ADD `audience` text DEFAULT 'anyone' NOT NULL;--> statement-breakpoint
ALTER TABLE `sites` ADD `widget` text;--> statement-breakpoint
ALTER TABLE `visitors` ADD `verified_at` integer;--> statement-breakpoint
ALTER TABLE `visitors` ADD `blocked_at` integer;