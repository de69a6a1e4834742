namespace Credentials.JsonLd;

/// <summary>What the expansion of one document may still spend: steps are members, values and copied terms.</summary>
internal sealed class ExpansionBudget(int steps)
{
    private int _left = steps;

    public void Spend(int steps)
    {
        if ((_left -= steps) < 0) throw new MalformedDataException(JsonLdCodes.TooLarge, "A JSON-LD document takes too many steps.");
    }
}
