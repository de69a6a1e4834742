using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LateClaims : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "AskAt",
                table: "Deferred",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "AskAt",
                table: "Deferred");
        }
    }
}
