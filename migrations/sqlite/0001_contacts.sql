CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`email` text,
	`email_folded` text,
	`phone` text,
	`external_id` text,
	`locale` text,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
ALTER TABLE `visitors` ADD `contact_id` text REFERENCES contacts(id);