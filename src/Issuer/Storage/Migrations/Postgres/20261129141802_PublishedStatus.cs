using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PublishedStatus : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PublishedStatus",
                columns: table => new
                {
                    ListId = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    SignedAt = table.Column<long>(type: "bigint", nullable: false),
                    StatusKey = table.Column<string>(type: "text", nullable: false),
                    DocumentKey = table.Column<string>(type: "text", nullable: false),
                    Jwt = table.Column<byte[]>(type: "bytea", nullable: false),
                    Cwt = table.Column<byte[]>(type: "bytea", nullable: false),
                    RevocationJwt = table.Column<byte[]>(type: "bytea", nullable: false),
                    RevocationProved = table.Column<byte[]>(type: "bytea", nullable: false),
                    SuspensionJwt = table.Column<byte[]>(type: "bytea", nullable: false),
                    SuspensionProved = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PublishedStatus", x => x.ListId);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PublishedStatus");
        }
    }
}
