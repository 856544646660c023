CREATE TABLE "api_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"beginning" text COLLATE "C" NOT NULL,
	"key_hash" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"used_at" bigint,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "contact_addresses" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"contact_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"address" text COLLATE "C" NOT NULL,
	"zone_id" text COLLATE "C",
	"district" text COLLATE "C",
	"note" text COLLATE "C",
	"main" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"removed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "container_movements" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"external_id" text COLLATE "C",
	"contact_id" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"delivered" bigint NOT NULL,
	"returned" bigint NOT NULL,
	"at" bigint NOT NULL,
	"order_id" text COLLATE "C",
	"note" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"removed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "mail_marks" (
	"conversation_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"copied_seq" bigint DEFAULT 0 NOT NULL,
	"copied_root" bigint,
	"replied_seq" bigint DEFAULT 0 NOT NULL,
	"replied_root" bigint,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_refusals" (
	"email_folded" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"external_id" text COLLATE "C",
	"contact_id" text COLLATE "C" NOT NULL,
	"number" text COLLATE "C" NOT NULL,
	"number_folded" text COLLATE "C" NOT NULL,
	"placed_at" bigint NOT NULL,
	"currency" text COLLATE "C" NOT NULL,
	"sum_minor" bigint NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"status_colour" text COLLATE "C" NOT NULL,
	"address_id" text COLLATE "C",
	"lines" text NOT NULL,
	"note" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"removed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "setting_changes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"page" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C",
	"subject" text COLLATE "C",
	"agent_id" text COLLATE "C",
	"fields" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "system_message_marks" (
	"agent_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"read_at" bigint NOT NULL,
	"hidden" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "system_messages" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C",
	"values" text,
	"title" text COLLATE "C",
	"body" text COLLATE "C",
	"link" text COLLATE "C",
	"key" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"over_at" bigint
);
--> statement-breakpoint
CREATE TABLE "template_uses" (
	"template_id" text COLLATE "C" NOT NULL,
	"day" bigint NOT NULL,
	"uses" bigint NOT NULL,
	CONSTRAINT "template_uses_template_id_day_pk" PRIMARY KEY("template_id","day")
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"text" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"visible" boolean NOT NULL,
	"site_ids" text,
	"shortcut" text COLLATE "C",
	"locale" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"removed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "contact_links" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"visitor_id" text COLLATE "C" NOT NULL,
	"contact_id" text COLLATE "C" NOT NULL,
	"previous_contact_id" text COLLATE "C",
	"agent_id" text COLLATE "C" NOT NULL,
	"linked_at" bigint NOT NULL,
	"unlinked_at" bigint,
	"unlinked_by" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "visitor_tokens" (
	"token_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"visitor_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "zones" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"external_id" text COLLATE "C",
	"name" text COLLATE "C" NOT NULL,
	"districts" text NOT NULL,
	"colour" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"days" text NOT NULL,
	"minimum_minor" bigint,
	"currency" text COLLATE "C",
	"note" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"removed_at" bigint
);
--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "zone_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "changed_at" bigint;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "zone_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "copies" text;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "own" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "deactivated_at" bigint;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "lane" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "place" bigint;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_zone_id_zones_id_fk" FOREIGN KEY ("zone_id") REFERENCES "zones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "container_movements" ADD CONSTRAINT "container_movements_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "container_movements" ADD CONSTRAINT "container_movements_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_marks" ADD CONSTRAINT "mail_marks_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_address_id_contact_addresses_id_fk" FOREIGN KEY ("address_id") REFERENCES "contact_addresses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "system_message_marks" ADD CONSTRAINT "system_message_marks_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_uses" ADD CONSTRAINT "template_uses_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_links" ADD CONSTRAINT "contact_links_visitor_id_visitors_id_fk" FOREIGN KEY ("visitor_id") REFERENCES "visitors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_links" ADD CONSTRAINT "contact_links_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_links" ADD CONSTRAINT "contact_links_previous_contact_id_contacts_id_fk" FOREIGN KEY ("previous_contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_links" ADD CONSTRAINT "contact_links_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_links" ADD CONSTRAINT "contact_links_unlinked_by_agents_id_fk" FOREIGN KEY ("unlinked_by") REFERENCES "agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visitor_tokens" ADD CONSTRAINT "visitor_tokens_visitor_id_visitors_id_fk" FOREIGN KEY ("visitor_id") REFERENCES "visitors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "contact_addresses_external" ON "contact_addresses" USING btree ("contact_id","external_id");--> statement-breakpoint
CREATE INDEX "contact_addresses_of_zone" ON "contact_addresses" USING btree ("zone_id");--> statement-breakpoint
CREATE UNIQUE INDEX "container_movements_external" ON "container_movements" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "container_movements_of_contact" ON "container_movements" USING btree ("contact_id","at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_external" ON "orders" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "orders_of_contact" ON "orders" USING btree ("contact_id","placed_at","id");--> statement-breakpoint
CREATE INDEX "orders_by_number" ON "orders" USING btree ("number_folded","id");--> statement-breakpoint
CREATE INDEX "setting_changes_of_page" ON "setting_changes" USING btree ("page","at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "system_messages_key" ON "system_messages" USING btree ("key");--> statement-breakpoint
CREATE INDEX "system_messages_by_time" ON "system_messages" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "contact_links_of_visitor" ON "contact_links" USING btree ("visitor_id","linked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "zones_external" ON "zones" USING btree ("external_id");--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_zone_id_zones_id_fk" FOREIGN KEY ("zone_id") REFERENCES "zones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_zone_id_zones_id_fk" FOREIGN KEY ("zone_id") REFERENCES "zones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
UPDATE "contacts" SET "external_id" = NULL WHERE "external_id" IS NOT NULL AND "id" NOT IN (SELECT min("id") FROM "contacts" WHERE "external_id" IS NOT NULL GROUP BY "external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_external" ON "contacts" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "contacts_of_zone" ON "contacts" USING btree ("zone_id") WHERE zone_id is not null;--> statement-breakpoint
CREATE INDEX "conversations_waiting_of_zone" ON "conversations" USING btree ("zone_id","waiting_since","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "conversations_waiting_of_site" ON "conversations" USING btree ("site_id","waiting_since","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "conversations_finished_of_zone" ON "conversations" USING btree ("zone_id","last_entry_at","id") WHERE state = 'finished';--> statement-breakpoint
CREATE INDEX "conversations_finished_of_site" ON "conversations" USING btree ("site_id","last_entry_at","id") WHERE state = 'finished';--> statement-breakpoint
CREATE INDEX "outbox_lane" ON "outbox" USING btree ("lane","place") WHERE lane is not null and done_at is null;--> statement-breakpoint
UPDATE "sites" SET "own" = '["chatEnabled","audience","greeting"]';