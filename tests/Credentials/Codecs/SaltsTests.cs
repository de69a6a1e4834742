using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public sealed class SaltsTests
{
    [Fact]
    public async Task No_octets_are_given_out_twice_on_any_thread()
    {
        var salts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => Enumerable.Range(0, 500).Select(_ => Take(16)).ToList(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(2000, salts.SelectMany(some => some).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public void All_of_the_place_is_filled_whatever_its_size(int length)
    {
        // An octet that stays what it was in forty draws was not written.
        var changed = new bool[length];
        for (var draw = 0; draw < 40; draw++)
        {
            var place = new byte[length];
            Salts.Fill(place);
            for (var i = 0; i < length; i++) changed[i] |= place[i] != 0;
        }

        Assert.DoesNotContain(false, changed);
    }

    private static string Take(int length)
    {
        var salt = new byte[length];
        Salts.Fill(salt);
        return Convert.ToHexString(salt);
    }
}
