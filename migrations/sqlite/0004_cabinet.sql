CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`beginning` text NOT NULL,
	`key_hash` text NOT NULL,
	`agent_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`key_hash`);--> statement-breakpoint
CREATE TABLE `contact_addresses` (
	`id` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`external_id` text,
	`address` text NOT NULL,
	`zone_id` text,
	`district` text,
	`note` text,
	`main` integer NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`removed_at` integer,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`zone_id`) REFERENCES `zones`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `contact_addresses_external` ON `contact_addresses` (`contact_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `contact_addresses_of_zone` ON `contact_addresses` (`zone_id`);--> statement-breakpoint
CREATE TABLE `container_movements` (
	`id` text PRIMARY KEY NOT NULL,
	`external_id` text,
	`contact_id` text NOT NULL,
	`type` text NOT NULL,
	`delivered` integer NOT NULL,
	`returned` integer NOT NULL,
	`at` integer NOT NULL,
	`order_id` text,
	`note` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`removed_at` integer,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `container_movements_external` ON `container_movements` (`external_id`);--> statement-breakpoint
CREATE INDEX `container_movements_of_contact` ON `container_movements` (`contact_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `mail_marks` (
	`conversation_id` text PRIMARY KEY NOT NULL,
	`copied_seq` integer DEFAULT 0 NOT NULL,
	`copied_root` integer,
	`replied_seq` integer DEFAULT 0 NOT NULL,
	`replied_root` integer,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `mail_refusals` (
	`email_folded` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`external_id` text,
	`contact_id` text NOT NULL,
	`number` text NOT NULL,
	`number_folded` text NOT NULL,
	`placed_at` integer NOT NULL,
	`currency` text NOT NULL,
	`sum_minor` integer NOT NULL,
	`status` text NOT NULL,
	`status_colour` text NOT NULL,
	`address_id` text,
	`lines` text NOT NULL,
	`note` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`removed_at` integer,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`address_id`) REFERENCES `contact_addresses`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_external` ON `orders` (`external_id`);--> statement-breakpoint
CREATE INDEX `orders_of_contact` ON `orders` (`contact_id`,`placed_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_number` ON `orders` (`number_folded`,`id`);--> statement-breakpoint
CREATE TABLE `setting_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`page` text NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text,
	`subject` text,
	`agent_id` text,
	`fields` text NOT NULL,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `setting_changes_of_page` ON `setting_changes` (`page`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`changed_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `system_message_marks` (
	`agent_id` text PRIMARY KEY NOT NULL,
	`read_at` integer NOT NULL,
	`hidden` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `system_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`code` text,
	`values` text,
	`title` text,
	`body` text,
	`link` text,
	`key` text,
	`created_at` integer NOT NULL,
	`over_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `system_messages_key` ON `system_messages` (`key`);--> statement-breakpoint
CREATE INDEX `system_messages_by_time` ON `system_messages` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `template_uses` (
	`template_id` text NOT NULL,
	`day` integer NOT NULL,
	`uses` integer NOT NULL,
	PRIMARY KEY(`template_id`, `day`),
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`text` text NOT NULL,
	`position` integer NOT NULL,
	`visible` integer NOT NULL,
	`site_ids` text,
	`shortcut` text,
	`locale` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`removed_at` integer
) STRICT;
--> statement-breakpoint
CREATE TABLE `contact_links` (
	`id` text PRIMARY KEY NOT NULL,
	`visitor_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`previous_contact_id` text,
	`agent_id` text NOT NULL,
	`linked_at` integer NOT NULL,
	`unlinked_at` integer,
	`unlinked_by` text,
	FOREIGN KEY (`visitor_id`) REFERENCES `visitors`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`previous_contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`unlinked_by`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `contact_links_of_visitor` ON `contact_links` (`visitor_id`,`linked_at`);--> statement-breakpoint
CREATE TABLE `visitor_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`visitor_id` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`visitor_id`) REFERENCES `visitors`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `zones` (
	`id` text PRIMARY KEY NOT NULL,
	`external_id` text,
	`name` text NOT NULL,
	`districts` text NOT NULL,
	`colour` text NOT NULL,
	`position` integer NOT NULL,
	`days` text NOT NULL,
	`minimum_minor` integer,
	`currency` text,
	`note` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`removed_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `zones_external` ON `zones` (`external_id`);--> statement-breakpoint
ALTER TABLE `contacts` ADD `zone_id` text REFERENCES zones(id);--> statement-breakpoint
ALTER TABLE `contacts` ADD `changed_at` integer;--> statement-breakpoint
UPDATE `contacts` SET `external_id` = NULL WHERE `external_id` IS NOT NULL AND `id` NOT IN (SELECT min(`id`) FROM `contacts` WHERE `external_id` IS NOT NULL GROUP BY `external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_external` ON `contacts` (`external_id`);--> statement-breakpoint
CREATE INDEX `contacts_of_zone` ON `contacts` (`zone_id`) WHERE zone_id is not null;--> statement-breakpoint
ALTER TABLE `conversations` ADD `zone_id` text REFERENCES zones(id);--> statement-breakpoint
CREATE INDEX `conversations_waiting_of_zone` ON `conversations` (`zone_id`,`waiting_since`,`id`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `conversations_waiting_of_site` ON `conversations` (`site_id`,`waiting_since`,`id`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `conversations_finished_of_zone` ON `conversations` (`zone_id`,`last_entry_at`,`id`) WHERE state = 'finished';--> statement-breakpoint
CREATE INDEX `conversations_finished_of_site` ON `conversations` (`site_id`,`last_entry_at`,`id`) WHERE state = 'finished';--> statement-breakpoint
ALTER TABLE `sites` ADD `copies` text;--> statement-breakpoint
ALTER TABLE `sites` ADD `own` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `sites` ADD `deactivated_at` integer;--> statement-breakpoint
ALTER TABLE `outbox` ADD `lane` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `place` integer;--> statement-breakpoint
CREATE INDEX `outbox_lane` ON `outbox` (`lane`,`place`) WHERE lane is not null and done_at is null;--> statement-breakpoint
UPDATE `sites` SET `own` = '["chatEnabled","audience","greeting"]';