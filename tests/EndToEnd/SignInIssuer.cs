using System.Text.Json.Nodes;
using Credentials.Cli;
using Credentials.Codecs;
using Credentials.Issuer;
using Credentials.Tests.Shared;

namespace Credentials.EndToEnd.Tests;

/// <summary>
/// An issuer at which people sign in by their name alone, in this process: serving a page for that is nothing that the command line would do.
/// It knows the wallet of the command line as a client.
/// </summary>
internal sealed class SignInIssuer : IAsyncDisposable
{
    public const string Person = "hong";

    /// <summary>What the document says, to be looked for where it must not be.</summary>
    public const string Secret = "세종대로 1";

    private static readonly JsonObject s_resident = new()
    {
        ["family_name"] = "홍",
        ["given_name"] = "길동",
        ["birth_date"] = "1990-03-01",
        ["certificate_number"] = "1",
        ["issue_date"] = "2026-01-01",
        ["address"] = new JsonObject { ["region"] = "서울특별시", ["city"] = "종로구", ["street"] = Secret, ["detail"] = "101", ["postal_code"] = "03154" },
    };

    private readonly IssuerHost _host;

    private SignInIssuer(IssuerHost host)
    {
        _host = host;
        Agency = new ServiceClient(host.Url, host.ApiKey!, TestContext.Current.CancellationToken);
    }

    public ServiceClient Agency { get; }

    public string Url => _host.Url;

    public string TrustPath => _host.TrustPath;

    public string ApiKey => _host.ApiKey!;

    public static async Task<SignInIssuer> StartAsync(string folder)
    {
        var ct = TestContext.Current.CancellationToken;
        var host = await IssuerHost.BuildAsync(
            new IssuerHostOptions
            {
                DataFolder = folder,
                Port = FreePort.Next(),
                NewApiKey = true,
                DemoSignIn = true,
                Configure = issuer =>
                {
                    issuer.DeferredInterval = TimeSpan.FromSeconds(1);
                    issuer.Clients.Add(new ClientRegistration { Id = WalletAccess.DefaultClientId, Name = "Test wallet", RedirectUris = ["http://127.0.0.1/authorized"] });
                },
            },
            ct);
        await host.StartAsync(ct);
        return new SignInIssuer(host);
    }

    /// <summary>Makes a document ready for the person; the link can be used or not.</summary>
    public async Task<string> OfferAsync(bool needsApproval = false)
    {
        var offer = await Agency.PostAsync("/agency/v1/offers", new JsonObject
        {
            ["credential_configuration_ids"] = new JsonArray("resident_sd_jwt"),
            ["claims"] = new JsonObject { ["resident_sd_jwt"] = s_resident.DeepClone() },
            ["grant"] = "authorization_code",
            ["subject"] = Person,
            ["needs_approval"] = needsApproval,
        });
        return offer.RequireString("offer_uri");
    }

    public async ValueTask DisposeAsync()
    {
        Agency.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }
}
