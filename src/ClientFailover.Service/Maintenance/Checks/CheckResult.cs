namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>How bad it is.</summary>
internal enum CheckLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The service works, and somebody should look at it.</summary>
    Warning,

    /// <summary>The service does not work, or will not for long.</summary>
    Error,
}

/// <summary>What was found in one place.</summary>
/// <param name="Check">What was looked at, a word.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Text">What was found, a sentence.</param>
/// <param name="Advice">What to do, a sentence; null: nothing.</param>
internal sealed record CheckResult(string Check, CheckLevel Level, string Text, string? Advice = null)
{
    /// <summary>As it should be.</summary>
    public static CheckResult Ok(string check, string text) => new(check, CheckLevel.Ok, text);

    /// <summary>Somebody should look at it.</summary>
    public static CheckResult Warning(string check, string text, string advice) => new(check, CheckLevel.Warning, text, advice);

    /// <summary>It does not work.</summary>
    public static CheckResult Error(string check, string text, string advice) => new(check, CheckLevel.Error, text, advice);
}
