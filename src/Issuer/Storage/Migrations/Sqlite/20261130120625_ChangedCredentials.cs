using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ChangedCredentials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Credentials_ListId",
                table: "Credentials",
                column: "ListId",
                filter: "\"Status\" <> 0");

            migrationBuilder.CreateIndex(
                name: "IX_Credentials_Status_Number",
                table: "Credentials",
                columns: new[] { "Status", "Number" },
                filter: "\"Status\" <> 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Credentials_ListId",
                table: "Credentials");

            migrationBuilder.DropIndex(
                name: "IX_Credentials_Status_Number",
                table: "Credentials");
        }
    }
}
