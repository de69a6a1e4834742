using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Postgres
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

            migrationBuilder.DropColumn(
                name: "LeaseUntil",
                table: "Issuances");

            migrationBuilder.CreateTable(
                name: "AuditQueue",
                columns: table => new
                {
                    Number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Actor = table.Column<string>(type: "text", nullable: false),
                    Action = table.Column<string>(type: "text", nullable: false),
                    Subject = table.Column<string>(type: "text", nullable: false),
                    Detail = table.Column<string>(type: "text", nullable: true)
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
                type: "bigint",
                nullable: false,
                defaultValue: 0L);
        }
    }
}
