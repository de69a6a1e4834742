using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AuditQueue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What an earlier version had registered and not signed is done anew: nobody has got it.
            migrationBuilder.Sql("DELETE FROM \"Issuances\" WHERE \"AnswerUntil\" = 0");
            migrationBuilder.Sql("UPDATE \"BatchRows\" SET \"State\" = 0, \"CredentialId\" = NULL WHERE \"State\" = 1");

            // SQLite can do it by itself; the tool would copy the table, outside of any transaction.
            migrationBuilder.Sql("ALTER TABLE \"Issuances\" DROP COLUMN \"LeaseUntil\"");

            migrationBuilder.CreateTable(
                name: "AuditQueue",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditQueue", x => x.Number);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditQueue");

            migrationBuilder.AddColumn<long>(
                name: "LeaseUntil",
                table: "Issuances",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }
    }
}
