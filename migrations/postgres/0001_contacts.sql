CREATE TABLE "contacts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C",
	"email" text COLLATE "C",
	"email_folded" text COLLATE "C",
	"phone" text COLLATE "C",
	"external_id" text COLLATE "C",
	"locale" text COLLATE "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "contact_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE no action ON UPDATE no action;