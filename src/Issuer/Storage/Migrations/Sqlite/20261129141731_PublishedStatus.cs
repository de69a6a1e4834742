using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Sqlite
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
                    ListId = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    SignedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    StatusKey = table.Column<string>(type: "TEXT", nullable: false),
                    DocumentKey = table.Column<string>(type: "TEXT", nullable: false),
                    Jwt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Cwt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RevocationJwt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RevocationProved = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SuspensionJwt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SuspensionProved = table.Column<byte[]>(type: "BLOB", nullable: false)
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
