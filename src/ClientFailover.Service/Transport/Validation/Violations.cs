using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>
/// Collects everything that is wrong with a request, so that its caller learns all at once. A struct, because most
/// requests are heartbeats with nothing wrong: pass it by reference.
/// </summary>
internal struct Violations
{
    // All of a long document's would be more than clients take of a call's trailers.
    private const int MostTold = 50;

    private List<Violation>? _all;

    /// <summary>Goes on from what was found before.</summary>
    /// <param name="found">What is wrong already.</param>
    public Violations(IReadOnlyCollection<Violation> found) => _all = found.Count > 0 ? [.. found] : null;

    /// <summary>Whether there is any.</summary>
    public readonly bool Any => _all is not null;

    /// <summary>How many there are.</summary>
    public readonly int Count => _all?.Count ?? 0;

    /// <summary>Adds one.</summary>
    /// <param name="member">Documented REST name of the member.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <param name="allowed">What is allowed: "must be ...".</param>
    public void Add(string member, string field, string allowed) => (_all ??= []).Add(new Violation(member, field, allowed));

    /// <summary>Whether something is wrong with a member, or with what it is a member of: then nothing more is to be said of it.</summary>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <returns>Whether there is anything.</returns>
    public readonly bool Concern(string field) => _all is not null
        && _all.Exists(v => field.StartsWith(v.Field, StringComparison.Ordinal) && (field.Length == v.Field.Length || field[v.Field.Length] == '.'));

    /// <summary>What is wrong, all of it.</summary>
    /// <returns>The failure.</returns>
    public readonly Failure ToFailure() => Failures.Invalid(_all switch
    {
        null => [],
        { Count: <= MostTold } all => all,
        var all => [.. all.Take(MostTold - 1), new Violation("More", "", $"({all.Count - MostTold + 1}) is not valid")],
    });

    /// <summary>Refuses the request if anything is wrong with it.</summary>
    /// <exception cref="FailureException">Something is.</exception>
    public readonly void ThrowIfAny()
    {
        if (_all is not null)
        {
            throw new FailureException(ToFailure());
        }
    }
}
