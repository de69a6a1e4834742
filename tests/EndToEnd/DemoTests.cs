using System.Globalization;
using Credentials.Tests.Shared;

namespace Credentials.EndToEnd.Tests;

public class DemoTests
{
    [Fact]
    public async Task Demo_once_walks_through_the_whole_story()
    {
        var issuer = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var verifier = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var result = await CliProgram.RunAsync("demo", "--once", "--issuer-port", issuer, "--verifier-port", verifier);

        Assert.True(result.ExitCode == 0, result.Stdout + result.Stderr);
        string[] story =
        [
            "starts to issue", "starts to verify", "offers a mobile driving licence", "receives the mobile driving licence",
            "(dc+sd-jwt), 2 copies", "(mso_mdoc), 2 copies",
            "offers a resident certificate", "receives the resident certificate", "are you over 19?", "left the wallet: org.iso.18013.5.1.age_over_19\n",
            "age_over_19: true", "shows it as ISO mDL", "portrait: _9j_",
            "in person, from device to device", "mdoc:", "\"Demo Police Reader\" asks", "accepted: issuer, digests, validity, device signature", "city: 종로구", "revokes the resident certificate", "refused: status.revoked", "presented_unconfirmed",
            "All 13 steps came out as they must",
        ];
        var at = 0;
        foreach (var part in story)
        {
            var next = result.Stdout.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"The story lacks: {part}\n{result.Stdout}");
            at = next;
        }
        Assert.Contains('▄', result.Stdout); // QR codes are drawn
        Assert.Empty(result.Stderr);
    }

    [Fact]
    public async Task Demo_says_so_when_its_port_is_taken()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var result = await CliProgram.RunAsync("demo", "--once", "--issuer-port", port, "--verifier-port", FreePort.Next().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("hint: --issuer-port", result.Stderr, StringComparison.Ordinal);
    }
}
