namespace Credentials;

/// <summary>What came of one check. The default is <see cref="NotRun"/>, so that a forgotten check never accepts.</summary>
public enum CheckOutcome
{
    /// <summary>The check was not made; another check that it needs did not pass.</summary>
    NotRun = 0,

    /// <summary>The check was made and passed.</summary>
    Passed,

    /// <summary>The check was made and failed.</summary>
    Failed,

    /// <summary>The check could not be decided (an unreachable status list, an unknown mechanism). Never accepts.</summary>
    Indeterminate,

    /// <summary>The check does not apply to this input and the caller did not ask for it.</summary>
    NotApplicable,
}
