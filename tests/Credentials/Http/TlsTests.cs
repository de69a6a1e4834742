using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Credentials.Http;

namespace Credentials.Tests.Http;

public class TlsTests
{
    // A private host that the operator names, reached over real TLS.
    private static OutboundHttp Client(params X509Certificate2[] roots) => new(new OutboundHttpOptions
    {
        PrivateHosts = ["agency.example"],
        Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
        TlsRoots = roots,
    });

    [Fact]
    [Trait("Row", "NET-06")]
    public async Task A_certificate_that_is_trusted_current_and_for_the_host_is_accepted()
    {
        using var certificates = new TestCertificates();
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"), certificates.ForServer("agency.example"));
        using var http = Client(certificates.Root);
        Assert.Equal(200, (await http.FetchAsync($"https://agency.example:{server.Port}/")).Status);
    }

    [Theory]
    [Trait("Row", "NET-06")]
    [InlineData("self-signed")]
    [InlineData("expired")]
    [InlineData("other host")]
    [InlineData("other root")]
    [InlineData("machine roots")]
    public async Task Any_other_certificate_is_refused(string what)
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        var certificate = what switch
        {
            "self-signed" => TestCertificates.SelfSigned("agency.example"),
            "expired" => certificates.ForServer("agency.example", daysFromNow: -1),
            "other host" => certificates.ForServer("other.example"),
            "other root" => others.ForServer("agency.example"),
            _ => certificates.ForServer("agency.example"),
        };
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"), certificate);
        using var http = what == "machine roots"
            ? new OutboundHttp(new OutboundHttpOptions { PrivateHosts = ["agency.example"], Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }) })
            : Client(certificates.Root);
        Assert.Equal(HttpCodes.TlsFailed, await http.RefusalAsync($"https://agency.example:{server.Port}/"));
        Assert.Empty(server.Requests);
    }

    [Fact]
    [Trait("Row", "NET-06")]
    public async Task Tls_1_1_is_refused_and_1_2_accepted()
    {
        using var certificates = new TestCertificates();
        using var http = Client(certificates.Root);
#pragma warning disable SYSLIB0039 // An old version is the point.
        await using var old = await LocalServer.StartAsync(LocalServer.Body("{}"), certificates.ForServer("agency.example"), SslProtocols.Tls11);
#pragma warning restore SYSLIB0039
        await using var current = await LocalServer.StartAsync(LocalServer.Body("{}"), certificates.ForServer("agency.example"), SslProtocols.Tls12);

        Assert.Equal(HttpCodes.TlsFailed, await http.RefusalAsync($"https://agency.example:{old.Port}/"));
        Assert.Equal(200, (await http.FetchAsync($"https://agency.example:{current.Port}/")).Status);
    }

    [Fact]
    [Trait("Row", "NET-01")]
    public async Task Only_the_hosts_that_the_operator_names_may_be_private()
    {
        using var certificates = new TestCertificates();
        await using var server = await LocalServer.StartAsync(LocalServer.Body("{}"), certificates.ForServer("agency.example"));
        using var http = Client(certificates.Root);
        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync($"https://other.example:{server.Port}/"));
        Assert.Equal(HttpCodes.AddressRefused, await http.RefusalAsync($"https://x.agency.example:{server.Port}/"));
        Assert.Equal(HttpCodes.SchemeRefused, await http.RefusalAsync($"http://agency.example:{server.Port}/"));
        Assert.Equal(200, (await http.FetchAsync($"https://AGENCY.example:{server.Port}/")).Status);
    }
}
