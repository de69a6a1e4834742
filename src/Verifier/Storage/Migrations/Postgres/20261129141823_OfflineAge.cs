using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Verifier.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class OfflineAge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "OfflineMaxAgeSeconds",
                table: "transactions",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "OfflineMaxAgeSeconds",
                table: "transactions");
        }
    }
}
