using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Hash",
                table: "Audit",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AuditCheckpoints",
                columns: table => new
                {
                    EntryId = table.Column<long>(type: "INTEGER", nullable: false),
                    Statement = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditCheckpoints", x => x.EntryId);
                });

            // Checkpoints only grow, as the log does.
            migrationBuilder.Sql("CREATE TRIGGER AuditCheckpoints_no_update BEFORE UPDATE ON AuditCheckpoints BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;");
            migrationBuilder.Sql("CREATE TRIGGER AuditCheckpoints_no_delete BEFORE DELETE ON AuditCheckpoints BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditCheckpoints");

            migrationBuilder.DropColumn(
                name: "Hash",
                table: "Audit");
        }
    }
}
