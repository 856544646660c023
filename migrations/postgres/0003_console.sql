CREATE TABLE "contact_edits" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"contact_id" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C" NOT NULL,
	"field" text COLLATE "C" NOT NULL,
	"before" text COLLATE "C",
	"after" text COLLATE "C",
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_words" (
	"word" text COLLATE "C" NOT NULL,
	"contact_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "contact_words_word_contact_id_pk" PRIMARY KEY("word","contact_id")
);
--> statement-breakpoint
CREATE TABLE "contact_notes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"contact_id" text COLLATE "C",
	"visitor_id" text COLLATE "C",
	"agent_id" text COLLATE "C" NOT NULL,
	"body" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"changed_at" bigint,
	"removed_at" bigint
);
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "away_since" bigint;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "theme" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "last_visitor_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "channel" text COLLATE "C" DEFAULT 'widget' NOT NULL;--> statement-breakpoint
ALTER TABLE "reads" ADD COLUMN "raised_by" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "reads" ADD COLUMN "raised_from" bigint;--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "language" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "time_zone" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "last_seen_at" bigint;--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "page" text;--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "referrer" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "user_agent" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "contact_edits" ADD CONSTRAINT "contact_edits_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_edits" ADD CONSTRAINT "contact_edits_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_words" ADD CONSTRAINT "contact_words_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_notes" ADD CONSTRAINT "contact_notes_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_notes" ADD CONSTRAINT "contact_notes_visitor_id_visitors_id_fk" FOREIGN KEY ("visitor_id") REFERENCES "visitors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_notes" ADD CONSTRAINT "contact_notes_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contact_edits_of_contact" ON "contact_edits" USING btree ("contact_id","at","id");--> statement-breakpoint
CREATE INDEX "contact_words_of_contact" ON "contact_words" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_notes_of_contact" ON "contact_notes" USING btree ("contact_id","created_at");--> statement-breakpoint
CREATE INDEX "contact_notes_of_visitor" ON "contact_notes" USING btree ("visitor_id","created_at");--> statement-breakpoint
CREATE INDEX "reads_raised" ON "reads" USING btree ("raised_by") WHERE raised_by is not null;--> statement-breakpoint
CREATE INDEX "visitors_of_contact" ON "visitors" USING btree ("contact_id");--> statement-breakpoint
UPDATE "conversations" SET "last_visitor_seq" = coalesce((SELECT max("seq") FROM "messages" WHERE "conversation_id" = "conversations"."id" AND "author_kind" = 'visitor' AND "kind" <> 'event'), 0);--> statement-breakpoint
UPDATE "conversations" SET "channel" = 'form' WHERE EXISTS (SELECT 1 FROM "messages" WHERE "conversation_id" = "conversations"."id" AND "seq" = 1 AND "kind" = 'feedback');