namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// Parses RFC 3339 times. .NET's own parsers either read a time without zone as local, or refuse offsets beyond 14
/// hours and lower-case letters, all of which callers may send.
/// </summary>
internal static class Rfc3339
{
    private const int FractionDigitsKept = 7;

    /// <summary>Parses a time; one without zone is UTC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">
    /// The time, UTC. Digits beyond 100 ns are cut off. The first day of year 1 is its first instant, which means none.
    /// </param>
    /// <returns>False: it is not a time in the years 1 to 9999.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime time)
    {
        time = default;

        //   0123456789012345678
        //   yyyy-MM-ddThh:mm:ss
        if (text.Length < 19
            || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':'
            || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59
            || !Fraction(text[19..], out var fraction, out var rest)
            || !Offset(rest, out var offset))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction - offset;
        if (ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        // Its first instant with the offset of wherever the caller is: it falls on the day before or the first one.
        time = new DateTime(ticks < TimeSpan.TicksPerDay ? 0 : ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool Fraction(ReadOnlySpan<char> text, out long ticks, out ReadOnlySpan<char> rest)
    {
        ticks = 0;
        rest = text;
        if (text.IsEmpty || text[0] != '.')
        {
            return true;
        }

        var digits = 0;
        while (digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))
        {
            digits++;
        }

        for (var i = 0; i < FractionDigitsKept; i++)
        {
            ticks = (ticks * 10) + (i < digits ? text[i + 1] - '0' : 0);
        }

        rest = text[(digits + 1)..];
        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !Number(text[1..3], out var hours) || !Number(text[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        ticks = text[0] == '-' ? -ticks : ticks;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
