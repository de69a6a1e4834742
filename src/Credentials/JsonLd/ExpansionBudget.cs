namespace Credentials.JsonLd;

/// <summary>What the expansion of one document may still spend: steps are members, values and copied terms, and texts by their length.</summary>
internal sealed class ExpansionBudget(int steps)
{
    private const int CharactersPerStep = 64;

    private int _left = steps;

    public void Spend(int steps)
    {
        if ((_left -= steps) < 0) throw new MalformedDataException(JsonLdCodes.TooLarge, "A JSON-LD document takes too many steps.");
    }

    /// <summary>For an IRI that a prefix or vocabulary makes: a short document could stand for a very long one.</summary>
    public string SpendOn(string iri)
    {
        Spend(iri.Length / CharactersPerStep);
        return iri;
    }
}
