using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Issuer.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AuthorizationCode : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "ByAuthorization",
                table: "Offers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "NeedsApproval",
                table: "Offers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Notification",
                table: "Issuances",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AuthorizationId",
                table: "AccessTokens",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DpopThumbprint",
                table: "AccessTokens",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Authorizations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    RequestHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    ClientId = table.Column<string>(type: "text", nullable: false),
                    RedirectUri = table.Column<string>(type: "text", nullable: false),
                    CodeChallenge = table.Column<string>(type: "text", nullable: false),
                    ClientState = table.Column<string>(type: "text", nullable: true),
                    ConfigurationIds = table.Column<string>(type: "text", nullable: false),
                    UsesIdentifiers = table.Column<bool>(type: "boolean", nullable: false),
                    OfferId = table.Column<string>(type: "text", nullable: true),
                    DpopThumbprint = table.Column<string>(type: "text", nullable: true),
                    InstanceThumbprint = table.Column<string>(type: "text", nullable: true),
                    Stage = table.Column<int>(type: "integer", nullable: false),
                    CodeHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Authorizations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Deferred",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    TransactionHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    OfferId = table.Column<string>(type: "text", nullable: false),
                    ConfigurationId = table.Column<string>(type: "text", nullable: false),
                    HolderKeys = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deferred", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RefreshTokens",
                columns: table => new
                {
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    OfferId = table.Column<string>(type: "text", nullable: false),
                    AuthorizationId = table.Column<string>(type: "text", nullable: true),
                    ClientId = table.Column<string>(type: "text", nullable: true),
                    ConfigurationIds = table.Column<string>(type: "text", nullable: false),
                    UsesIdentifiers = table.Column<bool>(type: "boolean", nullable: false),
                    DpopThumbprint = table.Column<string>(type: "text", nullable: true),
                    InstanceThumbprint = table.Column<string>(type: "text", nullable: true),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RefreshTokens", x => x.Hash);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Offers_Subject",
                table: "Offers",
                column: "Subject");

            migrationBuilder.CreateIndex(
                name: "IX_AccessTokens_AuthorizationId",
                table: "AccessTokens",
                column: "AuthorizationId");

            migrationBuilder.CreateIndex(
                name: "IX_Authorizations_CodeHash",
                table: "Authorizations",
                column: "CodeHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Authorizations_ExpiresAt",
                table: "Authorizations",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Authorizations_RequestHash",
                table: "Authorizations",
                column: "RequestHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deferred_ExpiresAt",
                table: "Deferred",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Deferred_OfferId_ConfigurationId",
                table: "Deferred",
                columns: new[] { "OfferId", "ConfigurationId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deferred_State_CreatedAt",
                table: "Deferred",
                columns: new[] { "State", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deferred_TransactionHash",
                table: "Deferred",
                column: "TransactionHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_AuthorizationId",
                table: "RefreshTokens",
                column: "AuthorizationId");

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_ExpiresAt",
                table: "RefreshTokens",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Authorizations");

            migrationBuilder.DropTable(
                name: "Deferred");

            migrationBuilder.DropTable(
                name: "RefreshTokens");

            migrationBuilder.DropIndex(
                name: "IX_Offers_Subject",
                table: "Offers");

            migrationBuilder.DropIndex(
                name: "IX_AccessTokens_AuthorizationId",
                table: "AccessTokens");

            migrationBuilder.DropColumn(
                name: "ByAuthorization",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "NeedsApproval",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "Notification",
                table: "Issuances");

            migrationBuilder.DropColumn(
                name: "AuthorizationId",
                table: "AccessTokens");

            migrationBuilder.DropColumn(
                name: "DpopThumbprint",
                table: "AccessTokens");
        }
    }
}
