namespace Orleans.Serialization;

internal sealed class StructCopier<T> : ValueCopier<T>
    where T : struct
{
    private readonly MemberPlan _plan;
    private CopyMembers? _copy;
    private ValueCopier[] _copiers = [];

    public StructCopier(bool throughWire) => _plan = new MemberPlan(typeof(T), throughWire);

    private delegate void CopyMembers(ref T source, ref T target, ValueCopier[] copiers, CopyContext context);

    public override bool IsShallow => _plan.IsShallow;

    public override T Copy(T value, CopyContext context)
    {
        if (_plan.IsShallow)
        {
            return value;
        }

        var copy = default(T);
        (_copy ??= _plan.Compile<CopyMembers>(out _copiers))(ref value, ref copy, _copiers, context);
        return copy;
    }
}
