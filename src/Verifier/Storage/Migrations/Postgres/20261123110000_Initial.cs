using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Credentials.Verifier.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    RelyingParty = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "installation",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    ServiceKeyId = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_installation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "transactions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    RelyingParty = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    State = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Policy = table.Column<string>(type: "text", nullable: true),
                    PurposeKo = table.Column<string>(type: "text", nullable: false),
                    PurposeEn = table.Column<string>(type: "text", nullable: false),
                    DcqlQuery = table.Column<string>(type: "text", nullable: false),
                    TransactionData = table.Column<string>(type: "text", nullable: true),
                    StatusMaxAgeSeconds = table.Column<int>(type: "integer", nullable: false),
                    ResponseMode = table.Column<string>(type: "text", nullable: false),
                    ClientIdPrefix = table.Column<string>(type: "text", nullable: false),
                    ClientId = table.Column<string>(type: "text", nullable: false),
                    RequestUriMethod = table.Column<string>(type: "text", nullable: false),
                    RequestId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Nonce = table.Column<string>(type: "text", nullable: false),
                    OAuthState = table.Column<string>(type: "text", nullable: false),
                    EncryptionKey = table.Column<byte[]>(type: "bytea", nullable: true),
                    SameDevice = table.Column<bool>(type: "boolean", nullable: false),
                    RedirectUri = table.Column<string>(type: "text", nullable: true),
                    PageSecretHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    PageOpenedAt = table.Column<long>(type: "bigint", nullable: true),
                    ResponseCodeHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    KeepEvidence = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true),
                    Report = table.Column<byte[]>(type: "bytea", nullable: true),
                    Evidence = table.Column<byte[]>(type: "bytea", nullable: true),
                    WalletError = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transactions", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_Hash",
                table: "api_keys",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_transactions_FinishedAt",
                table: "transactions",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_transactions_RequestId",
                table: "transactions",
                column: "RequestId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_transactions_State_ExpiresAt",
                table: "transactions",
                columns: new[] { "State", "ExpiresAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "installation");

            migrationBuilder.DropTable(
                name: "transactions");
        }
    }
}
