CREATE TABLE "pictures" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"media_type" text COLLATE "C" NOT NULL,
	"bytes" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "title" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "photo" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "verified_at" bigint;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "audience" text COLLATE "C" DEFAULT 'anyone' NOT NULL;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "widget" text;--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "verified_at" bigint;--> statement-breakpoint
ALTER TABLE "visitors" ADD COLUMN "blocked_at" bigint;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_photo_pictures_hash_fk" FOREIGN KEY ("photo") REFERENCES "pictures"("hash") ON DELETE no action ON UPDATE no action;